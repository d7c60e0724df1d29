import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, Transport } from '../../src/delivery/transport.ts'

/**
 * Accepts everything and keeps nothing.
 * @param after so many milliseconds, as a server that is somewhere; 0: at once
 */
export function nowhere(connections: number, after = 0): Transport {
  const accepted = { state: 'accepted', reply: '250 2.0.0 taken' } as const
  const connection: Connection = {
    offer: async () => ({ state: 'ready' }),
    async deliver() {
      if (after > 0) await sleep(after)
      return accepted
    },
    withdraw: () => undefined,
    close: async () => undefined,
  }
  return {
    kind: 'smtp',
    label: 'smtp://nowhere',
    connections,
    local: true,
    connect: () => connection,
    send: async () => accepted,
    close: async () => undefined,
  }
}
