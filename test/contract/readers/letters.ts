import fc from 'fast-check'
import { expect, test } from 'vitest'
import { address } from '../subscribers.ts'
import { tokenLife } from '../../../src/subscribers/readers.ts'
import { day, hour, proof, type ReaderBed } from './bed.ts'

export function letterTests(bed: ReaderBed): void {
  const kinds = async (): Promise<string[]> => (await bed.mail()).map((each) => each.kind)

  test('a thousand sign-ups of one address are one letter, that day too', async () => {
    for (let count = 0; count < 1_000; count++) await bed.signUp('ada@example.org')
    expect(await kinds()).toEqual(['confirm'])
    for (let count = 0; count < 10; count++) {
      bed.clock.time += hour
      await bed.signUp('ADA@example.org', count % 2 === 0 ? 'weekly' : 'daily')
      expect(await kinds()).toEqual([])
    }
    bed.clock.time += 14 * hour - 1
    await bed.signUp('ada@example.org')
    expect(await kinds()).toEqual([])
    bed.clock.time += 1
    await bed.signUp('ada@example.org')
    expect(await kinds()).toEqual(['confirm'])
  })

  test('a subscriber who signs up again is told so once a day, with a link to log in', async () => {
    const { publicId } = await bed.reader('Ada@example.org')
    await bed.signUp('ada@EXAMPLE.org')
    const letter = await bed.letter('already')
    // To the spelling that they gave, not to that of whoever sent the form.
    expect(letter).toMatchObject({ address: 'Ada@example.org', newsletter: 'weekly' })
    expect(await bed.store.confirm(letter.token)).toEqual({ state: 'unknown' })
    expect(await bed.store.logIn(letter.token)).toMatchObject({ state: 'entered', publicId })
    await bed.signUp('ada@example.org')
    expect(await kinds()).toEqual([])
  })

  test('somebody who is paused is subscribed already; who left, or reads another newsletter, is asked', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    await bed.store.pause(publicId, bed.clock.time + day)
    await bed.signUp('ada@example.org')
    expect(await kinds()).toEqual(['already'])
    await bed.store.leave(publicId, 'weekly', { ...proof, form: 'leave' })
    bed.clock.time += day
    await bed.signUp('ada@example.org')
    expect(await kinds()).toEqual(['confirm'])
    bed.clock.time += day
    await bed.signUp('ada@example.org', 'daily')
    expect(await kinds()).toEqual(['confirm'])
  })

  test('an address nobody has gets no log-in letter, and one that somebody has three in 15 minutes', async () => {
    await bed.askLogIn('nobody@example.org')
    expect(await kinds()).toEqual([])
    await bed.reader('ada@example.org')
    for (let count = 0; count < 8; count++) {
      await bed.askLogIn('ada@example.org')
      expect(await kinds()).toEqual(count < 3 ? ['log-in'] : [])
    }
    bed.clock.time += tokenLife['log-in']
    await bed.askLogIn('ada@example.org', '/issues/x')
    expect(await bed.letter('log-in')).toMatchObject({ next: '/issues/x' })
  })

  test('who asks for links to somebody’s address all day keeps them out for an hour at most, and mails 44 at most', async () => {
    await bed.reader('ada@example.org')
    const begun = bed.clock.time
    const sent: number[] = []
    for (; bed.clock.time < begun + day; bed.clock.time += 60_000) {
      await bed.askLogIn('ada@example.org')
      if ((await kinds()).length > 0) sent.push(bed.clock.time)
    }
    expect(sent.length).toBeGreaterThan(40)
    expect(sent.length).toBeLessThanOrEqual(44)
    const waits = sent.map((time, index) => (sent[index + 1] ?? bed.clock.time) - time)
    expect(Math.max(...waits)).toBeLessThanOrEqual(hour)
  })

  test('strangers who want to move to an address use up none of the letters about its own move', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    for (let count = 0; count < 7; count++) {
      const stranger = await bed.reader(`stranger${count}@example.org`)
      await bed.store.askChange(stranger.publicId, address('ada@example.org'))
      await bed.mail()
    }
    await bed.store.askChange(publicId, address('new@example.org'))
    expect(await kinds()).toEqual(['change-from', 'change-to'])
  })

  test('a suppressed address gets no letter of any kind; one that was erased may sign up anew', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    await bed.store.askChange(publicId, address('bob@example.org'))
    await bed.subscribers.suppress(address('ada@example.org'), 'complained', null)
    await bed.subscribers.suppress(address('bob@example.org'), 'bounced', null)
    await bed.signUp('ada@example.org')
    await bed.signUp('bob@example.org')
    await bed.askLogIn('ada@example.org')
    expect(await kinds()).toEqual([])
    await bed.subscribers.erase(address('ada@example.org'))
    await bed.askLogIn('ada@example.org')
    expect(await kinds()).toEqual([])
    await bed.signUp('ada@example.org')
    expect(await kinds()).toEqual(['confirm'])
  })

  test('a letter is handed out once; one whose mailer died is handed out again', async () => {
    await bed.signUp('ada@example.org')
    const first = await bed.store.nextLetter()
    expect(first?.kind).toBe('confirm')
    expect(await bed.store.nextLetter()).toBeNull()
    bed.clock.time += 10 * 60_000
    expect((await bed.store.nextLetter())?.id).toBe(first?.id)
  })

  test('a letter that is put off is tried again with longer waits, with a fresh token, for a day', async () => {
    await bed.signUp('ada@example.org')
    const begun = bed.clock.time
    const tokens = new Set<string>()
    let tries = 0
    while (bed.clock.time < begun + 2 * day) {
      const letter = await bed.store.nextLetter()
      if (letter?.kind === 'confirm') {
        tokens.add(letter.token)
        tries++
        expect(bed.clock.time).toBeLessThan(begun + day)
        await bed.store.settleLetter(letter.id, 'later')
      }
      bed.clock.time += 60_000
    }
    expect(tokens.size).toBe(tries)
    expect(tries).toBeGreaterThan(20)
    expect(tries).toBeLessThan(35)
  })

  test('of two sign-ups that both waited out a server that was down, one becomes a letter', async () => {
    await bed.signUp('ada@example.org')
    await bed.store.settleLetter((await bed.store.nextLetter())?.id ?? 0, 'later')
    bed.clock.time += 30_000
    await bed.signUp('ada@example.org', 'daily')
    bed.clock.time += day + hour
    await bed.signUp('ada@example.org', 'daily')
    await bed.signUp('ada@example.org')
    expect(await bed.mail()).toMatchObject([{ kind: 'confirm', newsletter: 'weekly' }])
  })

  test('a letter that is refused is dropped, and its limit holds', async () => {
    await bed.signUp('ada@example.org')
    await bed.store.settleLetter((await bed.store.nextLetter())?.id ?? 0, 'never')
    await bed.signUp('ada@example.org')
    expect(await kinds()).toEqual([])
  })

  test('a clock that went forward and back keeps nobody waiting', async () => {
    bed.clock.time += 400 * day
    await bed.signUp('ada@example.org')
    await bed.signUp('bob@example.org')
    await bed.store.nextLetter()
    bed.clock.time -= 400 * day
    expect((await kinds()).length).toBe(2)
    bed.clock.time += day
    await bed.signUp('ada@example.org')
    expect(await kinds()).toEqual(['confirm'])
  })

  test('a letter that was taken off meanwhile settles nobody else’s', async () => {
    await bed.signUp('ada@example.org')
    const gone = await bed.store.nextLetter()
    await bed.subscribers.erase(address('ada@example.org'))
    await bed.signUp('bob@example.org')
    await bed.store.settleLetter(gone?.id ?? 0, 'sent')
    expect(await bed.mail()).toMatchObject([{ kind: 'confirm', address: 'bob@example.org' }])
  })

  test('however sign-ups come, an address that never confirms gets at most one letter in any day', async () => {
    const step = fc.record({
      who: fc.constantFrom('ada@example.org', 'ADA@example.org', 'bob@example.org'),
      newsletter: fc.constantFrom('weekly', 'daily'),
      wait: fc.constantFrom(0, 1, hour, 13 * hour, day - 1, day),
      outcome: fc.constantFrom('sent' as const, 'later' as const, 'never' as const, null),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await bed.reopen()
        const taken = new Map<string, { readonly id: number; readonly at: number }[]>()
        for (const { who, newsletter, wait, outcome } of steps) {
          await bed.signUp(who, newsletter)
          bed.clock.time += wait
          if (outcome === null) continue
          const letter = await bed.store.nextLetter()
          if (letter === null) continue
          const key = letter.address.toLowerCase()
          const others = (taken.get(key) ?? []).filter((each) => each.id !== letter.id)
          for (const other of others) expect(bed.clock.time - other.at).toBeGreaterThanOrEqual(day)
          taken.set(key, [...(taken.get(key) ?? []), { id: letter.id, at: bed.clock.time }])
          await bed.store.settleLetter(letter.id, outcome)
        }
      }),
      { numRuns: 40 },
    )
  })
}
