import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Begin, Settlement } from '../../src/delivery/round.ts'
import type { DeliveryStore } from '../../src/delivery/store.ts'
import { bedOf, proof, type OpenReaders, type ReaderBed } from './readers/bed.ts'
import { address } from './subscribers.ts'

/** Open stores on one empty database whose clock the suite sets. */
export interface OpenReadersInASend extends OpenReaders {
  readonly deliveries: DeliveryStore
  /** Every row of `delivery`: address, state, reply, message_id, first_attempt_at and attempts. */
  deliveryRows(): Promise<readonly object[]>
}

/** What a person does on the site while an issue is on its way to them, whatever database is behind it. */
export function readersInASendContract(name: string, open: () => Promise<OpenReadersInASend>): void {
  describe(`readers in a send on ${name}`, () => {
    let stores: OpenReadersInASend
    let bed: ReaderBed
    let publicId: string
    let round: number

    beforeEach(async () => {
      stores = await open()
      bed = bedOf(
        () => stores,
        async () => {},
      )
      publicId = (await bed.reader('old@example.org')).publicId
      const opened = await stores.deliveries.openRound({
        ...{ issue: '2026-w01', newsletter: 'weekly', kind: 'real', number: 1, transport: 'smtp://test' },
        ...{ settings: {}, editions: { subscriber: 's', member: 'm' } },
      })
      round = opened.id
      while ((await stores.deliveries.freezeChunk(round, 9)).more) continue
      await stores.deliveries.seal(round)
    })
    afterEach(() => stores.close())

    /** Moves the person to new@example.org. */
    async function move(): Promise<void> {
      await stores.readers.askChange(publicId, address('new@example.org'))
      for (const letter of await bed.mail())
        if (letter.kind === 'change-from' || letter.kind === 'change-to')
          await stores.readers.agreeToChange(letter.kind, letter.token)
    }

    async function claimed(): Promise<{ readonly id: number; readonly address: string }> {
      const [delivery] = await stores.deliveries.claim(round, 9)
      if (delivery === undefined) throw new Error('nothing was claimed')
      return delivery
    }

    const begin = (id: number, to: string): Begin => ({
      id,
      messageId: '<1@x>',
      at: stores.clock.time,
      address: to,
    })
    const settle = (id: number, change: Partial<Settlement>): Settlement => ({
      ...{ id, state: 'accepted', reply: '250 ok', class: null, nextAt: null, at: stores.clock.time },
      ...change,
    })
    const gone = {
      state: 'rejected',
      reply: '550 5.1.1 <old@example.org> unknown',
      class: 'address',
    } as const
    const rows = () => stores.deliveryRows()

    test('what waits goes to the new address, under the Message-ID and the date that it had', async () => {
      const { id } = await claimed()
      await stores.deliveries.advance(round, [{ settle: null, begin: begin(id, 'old@example.org') }])
      const later = settle(id, { state: 'deferred', reply: '451 later', nextAt: stores.clock.time + 1 })
      await stores.deliveries.advance(round, [{ settle: later, begin: null }])
      const first = stores.clock.time
      await move()
      stores.clock.time += 1
      expect(await stores.deliveries.claim(round, 9)).toMatchObject([
        { address: 'new@example.org', attempts: 1 },
      ])
      await stores.deliveries.advance(round, [{ settle: null, begin: begin(id, 'new@example.org') }])
      await stores.deliveries.advance(round, [{ settle: settle(id, {}), begin: null }])
      expect(await rows()).toMatchObject([
        { address: 'new@example.org', state: 'accepted', message_id: '<1@x>', first_attempt_at: first },
      ])
    })

    test('one that was claimed for the former address is not begun, and claimed again for the new one', async () => {
      const { id, address: to } = await claimed()
      await move()
      expect(await stores.deliveries.advance(round, [{ settle: null, begin: begin(id, to) }])).toEqual([
        'suppressed',
      ])
      expect(await claimed()).toMatchObject({ id, address: 'new@example.org' })
    })

    test('a bounce at the former address suppresses nobody: on the wire, or at its envelope', async () => {
      const { id, address: to } = await claimed()
      await stores.deliveries.advance(round, [{ settle: null, begin: begin(id, to) }])
      await move()
      await stores.deliveries.advance(round, [{ settle: settle(id, gone), begin: null }])
      expect(await rows()).toMatchObject([{ address: 'old@example.org', state: 'rejected' }])
      expect(await stores.subscribers.suppressionOf(address('new@example.org'))).toBeNull()
      expect(await stores.subscribers.suppressionOf(address('old@example.org'))).toBeNull()
    })

    test('a former address that is refused at its envelope is no end of what goes to the new one', async () => {
      const { id, address: to } = await claimed()
      await move()
      const refused = settle(id, { ...gone, unbegun: begin(id, to) })
      await stores.deliveries.advance(round, [{ settle: refused, begin: null }])
      expect(await stores.subscribers.suppressionOf(address('new@example.org'))).toBeNull()
      expect(await claimed()).toMatchObject({ id, address: 'new@example.org', attempts: 0 })
      const known = settle(id, { ...gone, unbegun: begin(id, 'new@example.org') })
      await stores.deliveries.advance(round, [{ settle: known, begin: null }])
      expect(await stores.subscribers.suppressionOf(address('new@example.org'))).toMatchObject({
        reason: 'bounced',
      })
    })

    test.each([false, true])(
      'who is erased stays nameless, whatever the server says then: at the envelope %s',
      async (early) => {
        const { id, address: to } = await claimed()
        if (!early) await stores.deliveries.advance(round, [{ settle: null, begin: begin(id, to) }])
        await stores.readers.erasePerson(publicId)
        const refused = settle(id, early ? { ...gone, unbegun: begin(id, to) } : gone)
        await stores.deliveries.advance(round, [{ settle: refused, begin: null }])
        expect(await rows()).toMatchObject([{ address: null, reply: null }])
        const later = {
          state: 'deferred',
          reply: '451 <old@example.org> later',
          nextAt: stores.clock.time,
        } as const
        await stores.deliveries.advance(round, [
          { settle: settle(id, { ...later, unbegun: begin(id, to) }), begin: null },
        ])
        expect(await rows()).toMatchObject([{ address: null, reply: null }])
        expect(await stores.deliveries.claim(round, 9)).toEqual([])
      },
    )

    test.each(['leaving', 'a pause'])(
      'the undo of %s brings back what a send that is not over left out',
      async (what) => {
        const left = async () => {
          if (what === 'leaving') await stores.readers.leave(publicId, 'weekly', proof)
          else await stores.readers.pause(publicId, stores.clock.time + 1_000)
        }
        const back = async () => {
          if (what === 'leaving') await stores.readers.undoLeave(publicId, 'weekly', proof)
          else await stores.readers.pause(publicId, null)
        }
        await left()
        expect(await stores.deliveries.claim(round, 9)).toEqual([])
        expect(await rows()).toMatchObject([{ state: 'suppressed' }])
        await back()
        // Seen in the walk of the same sender.
        const { id, address: to } = await claimed()
        await left()
        expect(await stores.deliveries.advance(round, [{ settle: null, begin: begin(id, to) }])).toEqual([
          'suppressed',
        ])
        await back()
        expect(await claimed()).toMatchObject({ id })
        await left()
        await stores.deliveries.advance(round, [{ settle: null, begin: begin(id, to) }])
        expect(await stores.deliveries.claim(round, 9)).toEqual([])
        await stores.deliveries.setState(round, 'done', null)
        await back()
        expect(await rows()).toMatchObject([{ state: 'suppressed' }])
      },
    )

    test('what a server had put off before they left is not sent again by the undo', async () => {
      const { id, address: to } = await claimed()
      const later = {
        state: 'deferred',
        reply: '451 later',
        nextAt: stores.clock.time,
        unbegun: begin(id, to),
      } as const
      await stores.deliveries.advance(round, [{ settle: settle(id, later), begin: null }])
      await stores.readers.leave(publicId, 'weekly', proof)
      expect(await stores.deliveries.claim(round, 9)).toEqual([])
      await stores.readers.undoLeave(publicId, 'weekly', proof)
      expect(await rows()).toMatchObject([{ state: 'suppressed', attempts: 1 }])
    })
  })
}
