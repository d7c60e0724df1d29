import { expect, test } from 'vitest'
import { address } from '../subscribers.ts'
import { day, hour, proof, type ReaderBed } from './bed.ts'

export function accountTests(bed: ReaderBed): void {
  const asked = { ...proof, form: 'preferences', words: 'Daily' } as const

  test('newsletters are joined and left with a consent each, and what is so already is not written again', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    for (const wanted of [true, true, false, false, true])
      await bed.store.setNewsletter(publicId, 'daily', wanted, asked)
    await bed.store.setNewsletter(publicId, 'unheard', false, asked)
    expect(await bed.stateOf(publicId, 'daily')).toBe('confirmed')
    expect(await bed.stateOf(publicId, 'weekly')).toBe('confirmed')
    const consents = (await bed.store.account(publicId))?.consents ?? []
    expect(consents.map((each) => [each.newsletter, each.kind])).toEqual([
      ['weekly', 'given'],
      ['daily', 'given'],
      ['daily', 'withdrawn'],
      ['daily', 'given'],
    ])
    expect(consents[1]).toEqual({ ...asked, newsletter: 'daily', kind: 'given', at: bed.clock.time })
    expect(await bed.mail()).toEqual([])
  })

  test('who is suppressed joins nothing, and can still leave', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    await bed.subscribers.suppress(address('ada@example.org'), 'complained', null)
    await bed.store.setNewsletter(publicId, 'daily', true, asked)
    expect(await bed.stateOf(publicId, 'daily')).toBeNull()
    await bed.store.setNewsletter(publicId, 'weekly', false, asked)
    expect(await bed.stateOf(publicId)).toBe('left')
  })

  test('the format is kept', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    await bed.store.setFormat(publicId, 'text')
    expect((await bed.store.account(publicId))?.format).toBe('text')
  })

  test('a pause holds for all that is confirmed, and ends by itself or by one’s word', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    await bed.store.setNewsletter(publicId, 'daily', true, asked)
    await bed.store.setNewsletter(publicId, 'monthly', true, asked)
    await bed.store.setNewsletter(publicId, 'monthly', false, asked)
    const states = async () =>
      Promise.all(['weekly', 'daily', 'monthly'].map((each) => bed.stateOf(publicId, each)))
    await bed.store.pause(publicId, bed.clock.time + day)
    expect(await states()).toEqual(['paused', 'paused', 'left'])
    await bed.store.pause(publicId, null)
    expect(await states()).toEqual(['confirmed', 'confirmed', 'left'])
    await bed.store.pause(publicId, bed.clock.time + day)
    await bed.store.pause(publicId, bed.clock.time + 2 * day)
    bed.clock.time += 2 * day - 1
    await bed.store.tidy()
    expect(await states()).toEqual(['paused', 'paused', 'left'])
    bed.clock.time += 1
    await bed.store.tidy()
    expect(await states()).toEqual(['confirmed', 'confirmed', 'left'])
    await bed.store.pause(publicId, bed.clock.time)
    expect(await states()).toEqual(['confirmed', 'confirmed', 'left'])
  })

  test('leaving is idempotent, with one consent withdrawn, and its undo brings back what was', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    const leave = (who = publicId) => bed.store.leave(who, 'weekly', { ...proof, form: 'one-click' })
    const undo = () => bed.store.undoLeave(publicId, 'weekly', { ...proof, form: 'undo' })
    expect([await leave(), await leave(), await leave('a'.repeat(20))]).toEqual([
      'left',
      'had-left',
      'unknown',
    ])
    expect([await undo(), await undo()]).toEqual(['undone', 'undone'])
    expect(await bed.stateOf(publicId)).toBe('confirmed')
    await bed.store.pause(publicId, bed.clock.time + 9 * day)
    await leave()
    bed.clock.time += day - 1
    await bed.store.tidy()
    expect(await undo()).toBe('undone')
    expect((await bed.store.account(publicId))?.subscriber.subscriptions).toMatchObject([
      { state: 'paused', pausedUntil: bed.clock.time + 8 * day + 1, leftAt: null },
    ])
    await leave()
    bed.clock.time += day
    expect(await undo()).toBe('too-late')
    await bed.store.tidy()
    expect(await undo()).toBe('too-late')
    expect(await bed.stateOf(publicId)).toBe('left')
    expect((await bed.store.account(publicId))?.consents.map((each) => each.kind)).toEqual([
      ...['given', 'withdrawn', 'undone', 'withdrawn', 'undone', 'withdrawn'],
    ])
  })

  test('leaving cannot be undone by who was suppressed since, nor by who left long before by an import', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    const undo = (newsletter: string) => bed.store.undoLeave(publicId, newsletter, { ...proof, form: 'undo' })
    await bed.store.leave(publicId, 'weekly', proof)
    await bed.subscribers.suppress(address('ada@example.org'), 'complained', null)
    expect(await undo('weekly')).toBe('too-late')
    expect(await undo('unheard')).toBe('unknown')
  })

  test('a link in mail shows what the person may see, until they revoke those mailed so far', async () => {
    const { publicId } = await bed.reader('ada@example.org')
    const published = bed.clock.time - hour
    expect(await bed.store.viewTier(publicId, published)).toBe('subscriber')
    await bed.subscribers.set({ publicId }, { tier: 'member' })
    expect(await bed.store.viewTier(publicId, published)).toBe('member')
    await bed.store.revokeViews(publicId)
    expect(await bed.store.viewTier(publicId, published)).toBeNull()
    expect(await bed.store.viewTier(publicId, bed.clock.time)).toBeNull()
    expect(await bed.store.viewTier(publicId, bed.clock.time + 1)).toBe('member')
    expect(await bed.store.viewTier('a'.repeat(20), published)).toBeNull()
    await bed.store.leave(publicId, 'weekly', { ...proof, form: 'leave' })
    expect(await bed.store.viewTier(publicId, bed.clock.time + 1)).toBeNull()
  })

  test('nothing is done, or told, for a person who is not there', async () => {
    const nobody = 'a'.repeat(20)
    await bed.store.setNewsletter(nobody, 'weekly', true, asked)
    await bed.store.setFormat(nobody, 'text')
    await bed.store.pause(nobody, bed.clock.time + day)
    await bed.store.revokeViews(nobody)
    await bed.store.erasePerson(nobody)
    await bed.store.logOutEverywhere(nobody)
    expect(await bed.store.account(nobody)).toBeNull()
    expect(await bed.store.personalData(nobody)).toBeNull()
  })
}
