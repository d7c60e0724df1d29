import { expect, test } from 'vitest'
import { address } from '../subscribers.ts'
import { proof, type ReaderBed } from './bed.ts'

export function erasingTests(bed: ReaderBed): void {
  const ada = address('ada@example.org')

  test('an erased person has no session, no link, no letter and no account', async () => {
    const { publicId, cookie } = await bed.reader('ada@example.org')
    await bed.signUp('ada@example.org', 'daily')
    await bed.askLogIn('ada@example.org')
    await bed.store.askChange(publicId, address('new@example.org'))
    const links = await bed.mail()
    await bed.store.leave(publicId, 'weekly', proof)
    await bed.signUp('ada@example.org', 'daily')
    await bed.store.askChange(publicId, address('newer@example.org'))
    await bed.store.erasePerson(publicId)
    expect(await bed.store.session(cookie)).toBeNull()
    expect(await bed.mail()).toEqual([])
    for (const link of links)
      if ('token' in link)
        for (const purpose of ['confirm', 'log-in', 'change-from', 'change-to'] as const)
          expect(await bed.store.peek(purpose, link.token)).toEqual({ state: 'unknown' })
    expect(await bed.store.account(publicId)).toBeNull()
    expect(await bed.store.personalData(publicId)).toBeNull()
    expect(await bed.store.viewTier(publicId, bed.clock.time + 1)).toBeNull()
    expect(await bed.store.leave(publicId, 'weekly', proof)).toBe('had-left')
    expect(await bed.store.undoLeave(publicId, 'weekly', proof)).toBe('unknown')
  })

  test('the keyed hash stays and stops an import, until the person signs up and confirms again', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    await bed.store.erasePerson(publicId)
    const importing = bed.subscribers.startImport({ dryRun: false })
    const [outcome] = await importing.write([
      {
        ...{ line: 2, address: ada, newsletter: 'weekly', name: null, tier: null, state: null },
        ...{ consentAt: null, consentSource: 'import:a.csv' },
      },
    ])
    await importing.close()
    expect(outcome).toMatchObject({ kind: 'refused' })
    const again = await bed.reader('ada@example.org')
    expect(again.publicId).not.toBe(publicId)
    expect(await bed.stateOf(again.publicId)).toBe('confirmed')
    expect(await bed.subscribers.suppressionOf(ada)).toBeNull()
    expect((await bed.store.account(again.publicId))?.consents).toHaveLength(1)
  })

  test('a former address is closed to imports: while its person has another, has left, and is erased', async () => {
    const { publicId } = await bed.reader('old@example.org')
    await bed.store.askChange(publicId, ada)
    for (const letter of await bed.mail())
      if (letter.kind === 'change-from' || letter.kind === 'change-to')
        await bed.store.agreeToChange(letter.kind, letter.token)
    const old = address('old@example.org')
    const imported = async (state: 'confirmed' | 'left' | null = null) => {
      const importing = bed.subscribers.startImport({ dryRun: false })
      const [outcome] = await importing.write([
        {
          ...{ line: 2, address: old, newsletter: 'daily', name: 'Old', tier: null, state },
          ...{ consentAt: null, consentSource: 'import:a.csv' },
        },
      ])
      await importing.close()
      return outcome
    }
    expect(await imported()).toMatchObject({ kind: 'refused', why: 'left' })
    expect(await imported('left')).toEqual({ kind: 'unchanged' })
    await bed.store.leave(publicId, 'weekly', proof)
    expect(await imported('confirmed')).toMatchObject({ kind: 'refused', why: 'left' })
    expect(await bed.subscribers.find(old)).toBeNull()
    await bed.store.erasePerson(publicId)
    expect(await imported()).toMatchObject({ kind: 'refused', why: 'erased' })
    // By their own word they come back.
    await bed.reader('old@example.org')
    expect(await imported()).toMatchObject({ kind: 'added' })
  })

  test('who has a former address of somebody erased is not suppressed with them', async () => {
    const { publicId } = await bed.reader('old@example.org')
    await bed.store.askChange(publicId, ada)
    for (const letter of await bed.mail())
      if (letter.kind === 'change-from' || letter.kind === 'change-to')
        await bed.store.agreeToChange(letter.kind, letter.token)
    await bed.reader('old@example.org')
    await bed.store.erasePerson(publicId)
    expect(await bed.subscribers.suppressionOf(address('old@example.org'))).toBeNull()
  })

  test('an address that is nobody’s is erased too: its letters, links and counts', async () => {
    await bed.signUp('ada@example.org')
    const { token } = await bed.letter('confirm')
    await bed.signUp('ada@example.org', 'daily')
    await bed.store.allow('form', ada.key, { most: 1, windowMs: 1_000 })
    expect(await bed.subscribers.erase(ada)).toBe('erased')
    expect(await bed.store.peek('confirm', token)).toEqual({ state: 'unknown' })
    expect(await bed.mail()).toEqual([])
    expect(await bed.store.allow('form', ada.key, { most: 1, windowMs: 1_000 })).toBe(true)
    expect(await bed.subscribers.suppressionOf(ada)).toMatchObject({ reason: 'erased' })
    expect(await bed.subscribers.erase(address('stranger@example.org'))).toBe('not-found')
  })

  test('erasing an address takes back others’ wish to move there, and nothing else of theirs', async () => {
    const { publicId, cookie } = await bed.reader('bob@example.org')
    await bed.store.askChange(publicId, ada)
    const letters = await bed.mail()
    expect(letters).toHaveLength(2)
    await bed.subscribers.erase(ada)
    expect((await bed.store.account(publicId))?.change).toBeNull()
    for (const letter of letters)
      if (letter.kind === 'change-from' || letter.kind === 'change-to')
        expect(['expired', 'unknown']).toContain(await bed.store.agreeToChange(letter.kind, letter.token))
    expect(await bed.store.session(cookie)).toMatchObject({ publicId, confirmed: true })
  })
}
