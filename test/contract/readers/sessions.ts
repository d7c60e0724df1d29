import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, proof, type ReaderBed } from './bed.ts'

export function sessionTests(bed: ReaderBed): void {
  const isIn = async (cookie: string): Promise<boolean> => (await bed.store.session(cookie)) !== null

  test('every log-in is a session of its own, and logging out ends that one alone', async () => {
    const { publicId, cookie } = await bed.reader('ada@example.org')
    const second = await bed.logIn('ada@example.org')
    const [a, b] = [await bed.store.session(cookie), await bed.store.session(second)]
    expect(a?.publicId).toBe(publicId)
    expect(a?.id).not.toBe(b?.id)
    await bed.store.logOut(cookie)
    expect([await isIn(cookie), await isIn(second)]).toEqual([false, true])
    for (const wrong of ['', 'x', second.toUpperCase(), `${second}a`]) expect(await isIn(wrong)).toBe(false)
  })

  test('logging out everywhere ends every session, and every link that would begin one', async () => {
    const { publicId, cookie } = await bed.reader('ada@example.org')
    const other = await bed.reader('bob@example.org')
    const second = await bed.logIn('ada@example.org')
    await bed.askLogIn('ada@example.org')
    const { token } = await bed.letter('log-in')
    await bed.store.logOutEverywhere(publicId)
    expect([await isIn(cookie), await isIn(second), await isIn(other.cookie)]).toEqual([false, false, true])
    expect((await bed.store.logIn(token)).state).toBe('unknown')
  })

  test('logging out everywhere also ends the links of sign-ups that wait, whether the person was one then or not', async () => {
    await bed.signUp('ada@example.org', 'daily')
    const before = (await bed.letter('confirm')).token
    bed.clock.time += day
    const { publicId } = await bed.reader('ada@example.org')
    await bed.signUp('ada@example.org', 'monthly')
    const after = (await bed.letter('confirm')).token
    await bed.store.logOutEverywhere(publicId)
    for (const token of [before, after]) expect((await bed.store.confirm(token)).state).toBe('unknown')
  })

  test('a session turns its cookie once a day; the former serves a minute more, then is dead', async () => {
    const { cookie } = await bed.reader('ada@example.org')
    const { id } = (await bed.store.session(cookie)) ?? {}
    bed.clock.time += day - 1
    expect(await bed.store.session(cookie)).toMatchObject({ id, renewed: null })
    bed.clock.time += 1
    const renewed = (await bed.store.session(cookie))?.renewed ?? ''
    expect(renewed).not.toBe('')
    bed.clock.time += 1_000
    expect(await bed.store.session(renewed)).toMatchObject({ id, renewed: null })
    expect(await bed.store.session(cookie)).toMatchObject({ id, renewed: null })
    bed.clock.time += 59_000
    expect([await isIn(cookie), await isIn(renewed)]).toEqual([false, true])
  })

  test('an answer with a new cookie that never arrived locks nobody out', async () => {
    const { cookie } = await bed.reader('ada@example.org')
    bed.clock.time += day
    const lost = (await bed.store.session(cookie))?.renewed ?? ''
    bed.clock.time += 2 * hour
    const renewed = (await bed.store.session(cookie))?.renewed ?? ''
    expect(renewed).not.toBe('')
    // What was lost is not good for whoever finds it.
    expect(await isIn(lost)).toBe(false)
    expect(await isIn(renewed)).toBe(true)
    bed.clock.time += hour
    expect(await isIn(cookie)).toBe(false)
  })

  test('a session ends to the millisecond, however often it turned', async () => {
    const { cookie } = await bed.reader('ada@example.org')
    const end = bed.clock.time + 90 * day
    let held = cookie
    while (bed.clock.time + day < end) {
      bed.clock.time += day
      const session = await bed.store.session(held)
      expect(session?.expiresAt).toBe(end)
      held = session?.renewed ?? held
    }
    bed.clock.time = end - 1
    held = (await bed.store.session(held))?.renewed ?? held
    expect(await isIn(held)).toBe(true)
    bed.clock.time = end
    expect(await isIn(held)).toBe(false)
  })

  test('what a session may read is what its person has now', async () => {
    const { publicId, cookie } = await bed.reader('ada@example.org')
    await bed.subscribers.set({ publicId }, { tier: 'member' })
    expect(await bed.store.session(cookie)).toMatchObject({ tier: 'member', confirmed: true })
    await bed.store.pause(publicId, bed.clock.time + day)
    expect(await bed.store.session(cookie)).toMatchObject({ confirmed: true })
    await bed.store.leave(publicId, 'weekly', { ...proof, form: 'leave' })
    expect(await bed.store.session(cookie)).toMatchObject({ tier: 'member', confirmed: false })
    await bed.store.erasePerson(publicId)
    expect(await bed.store.session(cookie)).toBeNull()
  })

  test('a clock that jumps throws nobody out for good, and lets nobody in', async () => {
    const { cookie } = await bed.reader('ada@example.org')
    bed.clock.time -= 50 * day
    expect(await isIn(cookie)).toBe(true)
    bed.clock.time += 141 * day
    expect(await isIn(cookie)).toBe(false)
  })

  test('through any story, a cookie works exactly as long as nobody has ended or turned it', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('view' as const), which: fc.nat(7) }),
      fc.record({ kind: fc.constant('out' as const), which: fc.nat(7) }),
      fc.record({ kind: fc.constant('everywhere' as const) }),
      fc.record({ kind: fc.constant('enter' as const) }),
      fc.record({
        kind: fc.constant('wait' as const),
        ms: fc.constantFrom(1, 59_999, 60_000, hour, day, 40 * day),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await bed.reopen()
        const { publicId, cookie } = await bed.reader('ada@example.org')
        const sessions = [{ cookie, former: '', seen: 0, ends: bed.clock.time + 90 * day, ended: false }]
        for (const each of steps) {
          const held = 'which' in each ? sessions[each.which % sessions.length] : undefined
          if (each.kind === 'wait') bed.clock.time += each.ms
          else if (each.kind === 'everywhere') {
            await bed.store.logOutEverywhere(publicId)
            for (const session of sessions) session.ended = true
          } else if (each.kind === 'enter') {
            await bed.askLogIn('ada@example.org')
            const [letter] = await bed.mail()
            // No more than three in 15 minutes.
            if (letter?.kind !== 'log-in') continue
            const entered = await bed.store.logIn(letter.token)
            if (entered.state !== 'entered') throw new Error(entered.state)
            const ends = bed.clock.time + 90 * day
            sessions.push({ cookie: entered.session, former: '', seen: 0, ends, ended: false })
          } else if (held !== undefined && each.kind === 'out') {
            await bed.store.logOut(held.cookie)
            held.ended = true
          } else if (held !== undefined) {
            const session = await bed.store.session(held.cookie)
            expect(session !== null).toBe(!held.ended && bed.clock.time < held.ends)
            if (session === null) continue
            if (session.renewed !== null) {
              held.former = held.cookie
              held.cookie = session.renewed
              expect(await isIn(held.cookie)).toBe(true)
              held.seen = bed.clock.time
            } else if (held.former !== '')
              expect(await isIn(held.former)).toBe(bed.clock.time < held.seen + 60_000)
          }
        }
      }),
      { numRuns: 40 },
    )
  })
}
