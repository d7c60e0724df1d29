import { expect, test } from 'vitest'
import { address } from '../subscribers.ts'
import { day, hour, type ReaderBed } from './bed.ts'

export function changeTests(bed: ReaderBed): void {
  /** Asks, and gives back both links. */
  const ask = async (publicId: string, to: string) => {
    expect(await bed.store.askChange(publicId, address(to))).toBe('asked')
    const letters = await bed.mail()
    const of = (kind: 'change-from' | 'change-to') => {
      const letter = letters.find((each) => each.kind === kind)
      if (letter?.kind !== kind) throw new Error(`no ${kind}`)
      return letter
    }
    return { from: of('change-from'), to: of('change-to') }
  }
  const addressOf = async (publicId: string) => (await bed.store.account(publicId))?.subscriber.address

  test.each([
    ['the former first', ['from', 'to']],
    ['the new one first', ['to', 'from']],
  ] as const)('nothing changes before both addresses have said yes: %s', async (_, order) => {
    const { publicId, cookie } = await bed.reader('ada@example.org')
    const letters = await ask(publicId, 'New@example.org')
    expect([letters.from.address, letters.to.address]).toEqual(['ada@example.org', 'New@example.org'])
    const [first, second] = order
    expect(await bed.store.agreeToChange(letters[first].kind, letters[first].token)).toBe('half')
    expect(await bed.store.agreeToChange(letters[first].kind, letters[first].token)).toBe('used')
    expect(await addressOf(publicId)).toBe('ada@example.org')
    expect((await bed.store.account(publicId))?.change).toEqual({ to: 'New@example.org', waitsFor: [second] })
    expect(await bed.store.agreeToChange(letters[second].kind, letters[second].token)).toBe('changed')
    expect(await addressOf(publicId)).toBe('New@example.org')
    expect(await bed.stateOf(publicId)).toBe('confirmed')
    expect(await bed.mail()).toMatchObject([{ kind: 'changed', address: 'ada@example.org' }])
    expect(await bed.store.session(cookie)).toBeNull()
    expect(await bed.store.session(await bed.logIn('new@example.org'))).toMatchObject({ publicId })
    await bed.askLogIn('ada@example.org')
    expect(await bed.mail()).toEqual([])
  })

  test('a wish that waits is taken back with its letters and links; without one nothing happens', async () => {
    const { publicId, cookie } = await bed.reader('ada@example.org')
    await bed.store.dropChange(publicId)
    await bed.store.dropChange('nobody')
    const letters = await ask(publicId, 'new@example.org')
    expect(await bed.store.agreeToChange('change-from', letters.from.token)).toBe('half')
    await bed.store.dropChange(publicId)
    expect((await bed.store.account(publicId))?.change).toBeNull()
    expect(await bed.store.agreeToChange('change-to', letters.to.token)).toBe('unknown')
    expect(await bed.store.session(cookie)).not.toBeNull()
    expect(await addressOf(publicId)).toBe('ada@example.org')
    await bed.store.askChange(publicId, address('new@example.org'))
    await bed.store.dropChange(publicId)
    expect(await bed.mail()).toEqual([])
  })

  test('an address that is somebody’s is asked like any other, and never taken', async () => {
    const ada = await bed.reader('ada@example.org')
    const bob = await bed.reader('bob@example.org')
    const letters = await ask(ada.publicId, 'BOB@example.org')
    const account = await bed.store.account(ada.publicId)
    expect(account?.change).toEqual({ to: 'BOB@example.org', waitsFor: ['from', 'to'] })
    // Nothing of bob goes with the letter, such as their name.
    expect(letters.to).toMatchObject({ address: 'BOB@example.org', name: null })
    expect(await bed.store.agreeToChange('change-from', letters.from.token)).toBe('half')
    expect(await bed.store.agreeToChange('change-to', letters.to.token)).toBe('taken')
    expect([await addressOf(ada.publicId), await addressOf(bob.publicId)]).toEqual([
      'ada@example.org',
      'bob@example.org',
    ])
    for (const each of [ada, bob]) expect(await bed.store.session(each.cookie)).not.toBeNull()
    expect(await bed.mail()).toEqual([])
    expect((await bed.store.account(ada.publicId))?.change).toBeNull()
  })

  test('somebody who signs up at the new address meanwhile keeps it', async () => {
    const ada = await bed.reader('ada@example.org')
    const letters = await ask(ada.publicId, 'new@example.org')
    await bed.store.agreeToChange('change-to', letters.to.token)
    const other = await bed.reader('new@example.org')
    expect(await bed.store.agreeToChange('change-from', letters.from.token)).toBe('taken')
    expect(await addressOf(other.publicId)).toBe('new@example.org')
  })

  test('asking again for the same address keeps the first wish, its yes and its links, and mails who has not answered', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    const first = await ask(publicId, 'new@example.org')
    bed.clock.time += hour
    const again = await ask(publicId, 'NEW@example.org')
    expect(await bed.store.agreeToChange('change-to', first.to.token)).toBe('half')
    expect(await bed.store.askChange(publicId, address('new@example.org'))).toBe('asked')
    expect((await bed.mail()).map((each) => each.kind)).toEqual(['change-from'])
    expect((await bed.store.account(publicId))?.change).toEqual({ to: 'new@example.org', waitsFor: ['from'] })
    // It ends when the first one was to end.
    bed.clock.time += 2 * day - hour - 1
    expect(await bed.store.peek('change-from', again.from.token)).toMatchObject({ state: 'good' })
    expect(await bed.store.agreeToChange('change-from', first.from.token)).toBe('changed')
    expect(await addressOf(publicId)).toBe('new@example.org')
  })

  test('a link of a wish that has ended says so, also when another wish has begun', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    const ended = await ask(publicId, 'new@example.org')
    bed.clock.time += 2 * day
    await ask(publicId, 'newer@example.org')
    expect(await bed.store.agreeToChange('change-from', ended.from.token)).toBe('expired')
    expect(await bed.store.agreeToChange('change-to', ended.to.token)).toBe('expired')
  })

  test('asking for another address takes the former wish back, links and all', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    const former = await ask(publicId, 'mallory@example.org')
    expect(await bed.store.agreeToChange('change-to', former.to.token)).toBe('half')
    const letters = await ask(publicId, 'new@example.org')
    expect(await bed.store.agreeToChange('change-from', former.from.token)).toBe('unknown')
    expect(await bed.store.agreeToChange('change-from', letters.from.token)).toBe('half')
    expect(await addressOf(publicId)).toBe('ada@example.org')
    expect(await bed.store.agreeToChange('change-to', letters.to.token)).toBe('changed')
    expect(await addressOf(publicId)).toBe('new@example.org')
  })

  test('logging out everywhere takes a change back that waits, with its links and its letters', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    const letters = await ask(publicId, 'mallory@example.org')
    expect(await bed.store.agreeToChange('change-to', letters.to.token)).toBe('half')
    await bed.store.askChange(publicId, address('mallory@example.org'))
    await bed.store.logOutEverywhere(publicId)
    expect((await bed.store.account(publicId))?.change).toBeNull()
    expect(await bed.mail()).toEqual([])
    expect(await bed.store.agreeToChange('change-from', letters.from.token)).toBe('unknown')
    expect(await addressOf(publicId)).toBe('ada@example.org')
  })

  test('the same mailbox in another spelling is no change', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    expect(await bed.store.askChange(publicId, address('ADA@EXAMPLE.org'))).toBe('same-address')
    expect(await bed.store.askChange(publicId, address('ada+x@example.org'))).toBe('asked')
  })

  test('an address is not bombed by accounts that want to move there', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    let letters = 0
    for (let count = 0; count < 20; count++) {
      bed.clock.time += hour / 2
      await bed.store.askChange(publicId, address('victim@example.org'))
      letters += (await bed.mail()).filter((each) => each.address === 'victim@example.org').length
    }
    expect(letters).toBe(5)
  })

  test('an address that was erased may be moved to by who reads mail there, and gets mail again', async () => {
    await bed.reader('old@example.org')
    await bed.subscribers.erase(address('old@example.org'))
    const { publicId } = await bed.reader('ada@example.org')
    const letters = await ask(publicId, 'old@example.org')
    await bed.store.agreeToChange('change-from', letters.from.token)
    expect(await bed.store.agreeToChange('change-to', letters.to.token)).toBe('changed')
    expect(await bed.subscribers.suppressionOf(address('old@example.org'))).toBeNull()
  })

  test('a wish that has ended is none, and a welcome that waits goes to where they are now', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    const ended = await ask(publicId, 'new@example.org')
    bed.clock.time += 2 * day
    expect(await bed.store.agreeToChange('change-from', ended.from.token)).toBe('expired')
    expect((await bed.store.account(publicId))?.change).toBeNull()
    await bed.signUp('ada@example.org', 'daily')
    const { token } = await bed.letter('confirm')
    const letters = await ask(publicId, 'new@example.org')
    await bed.store.confirm(token)
    await bed.store.agreeToChange('change-from', letters.from.token)
    await bed.store.agreeToChange('change-to', letters.to.token)
    const due = (await bed.mail()).map((each) => [each.kind, each.address])
    expect(due).toEqual([
      ['welcome', 'new@example.org'],
      ['changed', 'ada@example.org'],
    ])
  })
}
