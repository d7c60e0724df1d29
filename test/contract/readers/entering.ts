import { expect, test } from 'vitest'
import { tokenLife, type TokenPurpose } from '../../../src/subscribers/readers.ts'
import { address } from '../subscribers.ts'
import { day, proof, type ReaderBed } from './bed.ts'

export function enteringTests(bed: ReaderBed): void {
  /** One link of each purpose, all of them good. */
  const links = async (): Promise<Readonly<Record<TokenPurpose, string>>> => {
    const { publicId } = await bed.reader('ada@example.org')
    await bed.askLogIn('ada@example.org')
    await bed.signUp('eve@example.org')
    await bed.store.askChange(publicId, address('new@example.org'))
    const letters = await bed.mail()
    const of = (kind: TokenPurpose): string => {
      const letter = letters.find((each) => each.kind === kind)
      if (letter === undefined || !('token' in letter)) throw new Error(`no ${kind}`)
      return letter.token
    }
    return {
      confirm: of('confirm'),
      'log-in': of('log-in'),
      'change-from': of('change-from'),
      'change-to': of('change-to'),
    }
  }
  const use = async (purpose: TokenPurpose, token: string): Promise<string> => {
    switch (purpose) {
      case 'confirm':
        return (await bed.store.confirm(token)).state
      case 'log-in':
        return (await bed.store.logIn(token)).state
      case 'change-from':
      case 'change-to':
        return bed.store.agreeToChange(purpose, token)
    }
  }
  const purposes = ['confirm', 'log-in', 'change-from', 'change-to'] as const

  test('confirming makes the person, with the consent that was asked for, and logs them in', async () => {
    await bed.signUp('Ada@example.org')
    const { token } = await bed.letter('confirm')
    expect(await bed.subscribers.find(address('ada@example.org'))).toBeNull()
    bed.clock.time += day
    const entered = await bed.store.confirm(token)
    if (entered.state !== 'entered') throw new Error(entered.state)
    expect(entered).toMatchObject({ newsletter: 'weekly', next: null })
    expect(await bed.store.account(entered.publicId)).toMatchObject({
      subscriber: {
        address: 'Ada@example.org',
        tier: 'subscriber',
        subscriptions: [{ state: 'confirmed', consentAt: bed.clock.time, consentSource: 'sign-up' }],
      },
      format: 'html',
      consents: [{ ...proof, newsletter: 'weekly', kind: 'given', at: bed.clock.time }],
      change: null,
    })
    expect(await bed.store.session(entered.session)).toMatchObject({
      publicId: entered.publicId,
      tier: 'subscriber',
      confirmed: true,
      renewed: null,
    })
    expect(await bed.mail()).toMatchObject([
      { kind: 'welcome', newsletter: 'weekly', publicId: entered.publicId, tier: 'subscriber' },
    ])
  })

  test('a sign-up of somebody who is a person already logs them in for 15 minutes, and confirms for 7 days', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    await bed.signUp('ada@example.org', 'daily')
    const daily = (await bed.letter('confirm')).token
    bed.clock.time += 15 * 60_000 - 1
    expect(await bed.store.confirm(daily)).toMatchObject({ state: 'entered', publicId })
    await bed.mail()
    await bed.signUp('ada@example.org', 'monthly')
    const monthly = (await bed.letter('confirm')).token
    bed.clock.time += 15 * 60_000
    expect(await bed.store.confirm(monthly)).toEqual({ state: 'confirmed', newsletter: 'monthly' })
    expect(await bed.stateOf(publicId, 'monthly')).toBe('confirmed')
    expect(await bed.mail()).toMatchObject([{ kind: 'welcome', newsletter: 'monthly' }])
    expect(await bed.store.confirm(monthly)).toEqual({ state: 'used' })
  })

  test('a second confirmation of one sign-up, by the same link or an older one, does nothing', async () => {
    await bed.signUp('ada@example.org')
    const older = (await bed.letter('confirm')).token
    bed.clock.time += 2 * day
    await bed.signUp('ada@example.org')
    const newer = (await bed.letter('confirm')).token
    const { publicId } = (await bed.store.confirm(newer)) as { publicId: string }
    expect((await bed.mail()).map((each) => each.kind)).toEqual(['welcome'])
    await bed.store.leave(publicId, 'weekly', { ...proof, form: 'leave' })
    for (const token of [older, newer]) expect(await bed.store.confirm(token)).toEqual({ state: 'used' })
    expect(await bed.mail()).toEqual([])
    expect(await bed.stateOf(publicId)).toBe('left')
    expect((await bed.store.account(publicId))?.consents).toHaveLength(2)
  })

  test('looking at a link changes nothing, however often; what is no link is unknown', async () => {
    const good = await links()
    for (const purpose of purposes) {
      for (let count = 0; count < 3; count++)
        expect(await bed.store.peek(purpose, good[purpose])).toMatchObject({ state: 'good' })
      for (const wrong of [
        '',
        'x',
        good[purpose].slice(1),
        `${good[purpose]}a`,
        good[purpose].toUpperCase(),
      ]) {
        expect(await bed.store.peek(purpose, wrong)).toEqual({ state: 'unknown' })
        expect(await use(purpose, wrong)).toBe('unknown')
      }
    }
    expect(await bed.store.peek('change-to', good['change-to'])).toMatchObject({
      change: { from: 'a…@example.org', to: 'n…@example.org' },
    })
  })

  test('a link of one purpose is none of another', async () => {
    const good = await links()
    for (const purpose of purposes)
      for (const other of purposes.filter((each) => each !== purpose)) {
        expect(await bed.store.peek(other, good[purpose])).toEqual({ state: 'unknown' })
        expect(await use(other, good[purpose])).toBe('unknown')
      }
    for (const purpose of purposes)
      expect(await bed.store.peek(purpose, good[purpose])).toMatchObject({ state: 'good' })
  })

  test.each(purposes)('a link to %s is used once, however many press at the same time', async (purpose) => {
    const token = (await links())[purpose]
    const answers = await Promise.all(Array.from({ length: 20 }, () => use(purpose, token)))
    expect(answers.filter((each) => each === 'used')).toHaveLength(19)
    expect(await bed.store.peek(purpose, token)).toEqual({ state: 'used' })
  })

  test.each(purposes)(
    'a link to %s that was cleared is over, also by a clock that is set back',
    async (purpose) => {
      const token = (await links())[purpose]
      const begun = bed.clock.time
      bed.clock.time += tokenLife[purpose]
      await bed.store.tidy()
      bed.clock.time = begun
      expect(await use(purpose, token)).toBe('expired')
    },
  )

  test.each(purposes)('a link to %s ends to the millisecond', async (purpose) => {
    const begun = bed.clock.time
    const token = (await links())[purpose]
    bed.clock.time = begun + tokenLife[purpose] - 1
    expect(await bed.store.peek(purpose, token)).toMatchObject({ state: 'good' })
    bed.clock.time += 1
    expect(await bed.store.peek(purpose, token)).toEqual({ state: 'expired' })
    expect(await use(purpose, token)).toBe('expired')
    // For a day more it is known to have been one.
    bed.clock.time += day - 1
    await bed.store.tidy()
    expect(await bed.store.peek(purpose, token)).toEqual({ state: 'expired' })
    expect(await use(purpose, token)).toBe('expired')
    bed.clock.time += 1
    await bed.store.tidy()
    expect(await use(purpose, token)).toBe('unknown')
    // A clock that is put right does not bring it back.
    bed.clock.time = begun
    expect(await use(purpose, token)).toBe('unknown')
  })

  test('a clock that is set back does not make a used link new', async () => {
    const good = await links()
    await use('log-in', good['log-in'])
    bed.clock.time -= 300 * day
    expect(await use('log-in', good['log-in'])).toBe('used')
  })

  test('who was suppressed after the letter does not get in by its link, and is not subscribed', async () => {
    await bed.signUp('ada@example.org')
    const { token } = await bed.letter('confirm')
    await bed.subscribers.suppress(address('ada@example.org'), 'complained', null)
    expect(await bed.store.confirm(token)).toEqual({ state: 'unknown' })
    expect(await bed.subscribers.find(address('ada@example.org'))).toBeNull()
  })

  test('who was pending by an import is confirmed as the same person', async () => {
    const importing = bed.subscribers.startImport({ dryRun: false })
    await importing.write([
      {
        ...{
          line: 2,
          address: address('ada@example.org'),
          newsletter: 'weekly',
          name: 'Ada',
          tier: 'member',
        },
        ...{ state: 'pending', consentAt: null, consentSource: 'import:a.csv' },
      },
    ])
    await importing.close()
    const before = await bed.subscribers.find(address('ada@example.org'))
    const { publicId, cookie } = await bed.reader('ADA@example.org')
    expect(publicId).toBe(before?.publicId)
    expect(await bed.store.session(cookie)).toMatchObject({ tier: 'member', confirmed: true })
    expect(await bed.store.account(publicId)).toMatchObject({
      subscriber: { name: 'Ada', address: 'ada@example.org' },
    })
  })

  test('spellings of one mailbox are one person, and what may be another mailbox is another', async () => {
    const { publicId } = await bed.reader('Ada.L@münchen.example')
    const same = ['ada.l@xn--mnchen-3ya.example', 'ADA.L@MÜNCHEN.example', ' ada.l@München.example']
    const others = ['ada.l+news@münchen.example', 'adal@münchen.example', 'ada.l@munchen.example']
    for (const text of same) {
      const cookie = await bed.logIn(text)
      expect(await bed.store.session(cookie)).toMatchObject({ publicId })
    }
    for (const text of others) {
      await bed.askLogIn(text)
      expect(await bed.mail()).toEqual([])
      await bed.signUp(text)
      expect(await bed.mail()).toMatchObject([{ kind: 'confirm' }])
    }
  })
}
