import type { DeliveryStore } from '../../src/delivery/store.ts'
import type { Connection, Transport } from '../../src/delivery/transport.ts'
import type { Signer } from '../../src/email/signer.ts'

/*
 * Where a sender may die: before and after a chunk is frozen; once rows were claimed; while a message is
 * signed; before and after the commit that puts it on the wire; with its content just written; while the
 * server thinks about the dot; with its reply known and not yet written down.
 */
export const moments = [
  'before freezing a chunk',
  'after freezing a chunk',
  'after claiming',
  'while signing',
  'before the commit',
  'after the commit',
  'with the content written',
  'while the server thinks',
  'with the reply unwritten',
] as const

export type Moment = (typeof moments)[number]

/** Called at every moment of a sender. */
export type Reach = (moment: Moment) => void

export function watchStore(store: DeliveryStore, reach: Reach): DeliveryStore {
  return {
    ...store,
    async freezeChunk(round, limit) {
      reach('before freezing a chunk')
      const chunk = await store.freezeChunk(round, limit)
      reach('after freezing a chunk')
      return chunk
    },
    async claim(round, limit) {
      const claimed = await store.claim(round, limit)
      if (claimed.length > 0) reach('after claiming')
      return claimed
    },
    async advance(round, steps) {
      const begins = steps.some(({ begin }) => begin !== null)
      if (begins) reach('before the commit')
      const begun = await store.advance(round, steps)
      if (begins) reach('after the commit')
      return begun
    },
  }
}

export function watchTransport(transport: Transport, reach: Reach): Transport {
  return { ...transport, connect: () => watchConnection(transport.connect(), reach) }
}

function watchConnection(connection: Connection, reach: Reach): Connection {
  return {
    offer: (envelope) => connection.offer(envelope),
    async deliver(message, next) {
      const outcome = connection.deliver(message, next)
      setImmediate(() => reach('with the content written'))
      setTimeout(() => reach('while the server thinks'), 2)
      const said = await outcome
      reach('with the reply unwritten')
      return said
    },
    withdraw: () => connection.withdraw(),
    close: () => connection.close(),
  }
}

export function watchSigner(signer: Signer | null, reach: Reach): Signer | null {
  if (signer === null) return null
  return {
    ...signer,
    sign(fields, bodyHash, time) {
      const signed = signer.sign(fields, bodyHash, time)
      reach('while signing')
      return signed
    },
  }
}
