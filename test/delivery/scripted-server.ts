import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, Envelope, Outcome, Transport, WireMessage } from '../../src/delivery/transport.ts'

/** A server without a wire: what it answers is a script, and how it is used is checked at every step. */
export interface ScriptedServer extends Transport {
  /** Contents that were begun, in order. */
  readonly begun: readonly { readonly to: string; readonly messageId: string; readonly lane: number }[]
  /** What it said last of each Message-ID. */
  readonly said: ReadonlyMap<string, Outcome>
  /** Message-IDs of what it took, once for each copy. */
  readonly taken: readonly string[]
  /** What broke the rules of `Connection`, or of the caller. */
  readonly wrong: readonly string[]
}

export interface Script {
  readonly connections: number
  /** From 0 to 1. */
  readonly random: () => number
  /** What it says to an envelope; null: go on. */
  offered?(envelope: Envelope): Exclude<Outcome, { readonly state: 'accepted' | 'unknown' }> | null
  /** What it says to a content. */
  delivered?(message: WireMessage): Outcome
  /** Called in the turn in which a content begins; what it gives back is wrong. */
  begins?(message: WireMessage, lane: number): string | null
}

const accepted: Outcome = { state: 'accepted', reply: '250 2.0.0 taken' }

export function scriptedServer(script: Script): ScriptedServer {
  const begun: { to: string; messageId: string; lane: number }[] = []
  const said = new Map<string, Outcome>()
  const taken: string[] = []
  const wrong: string[] = []
  let lanes = 0

  const connect = (): Connection => {
    const lane = lanes++
    let offered: string | null = null
    let ready = false
    let delivering = false
    return {
      async offer(envelope) {
        if (delivering) wrong.push('offered while a content was on the wire')
        if (offered !== null && offered !== envelope.messageId) wrong.push('offered two')
        offered = envelope.messageId
        await takeTime(script.random)
        const answer = script.offered?.(envelope) ?? null
        if (answer === null) ready = offered !== null
        else {
          offered = null
          said.set(envelope.messageId, answer)
        }
        return answer ?? { state: 'ready' }
      },
      async deliver(message, next) {
        if (!ready || offered !== message.messageId) wrong.push(`${message.to} was not ready`)
        const problem = script.begins?.(message, lane) ?? null
        if (problem !== null) wrong.push(problem)
        begun.push({ to: message.to, messageId: message.messageId, lane })
        ready = false
        offered = next?.messageId ?? null
        delivering = true
        const before = digest(message.raw)
        await takeTime(script.random)
        if (digest(message.raw) !== before) wrong.push('its memory was used while it was on the wire')
        delivering = false
        const outcome = script.delivered?.(message) ?? accepted
        said.set(message.messageId, outcome)
        if (outcome.state === 'accepted') taken.push(message.messageId)
        return outcome
      },
      withdraw() {
        if (delivering) wrong.push('withdrawn while a content was on the wire')
        offered = null
        ready = false
      },
      async close() {
        if (offered !== null) wrong.push('closed with one offered')
      },
    }
  }
  return {
    ...{ kind: 'smtp', label: 'smtp://scripted', local: true, connections: script.connections },
    ...{ begun, said, taken, wrong, connect },
    send: () => Promise.reject(new Error('nothing is sent alone')),
    close: async () => undefined,
  }
}

/** In the same turn, in the next, or a few milliseconds later. */
async function takeTime(random: () => number): Promise<void> {
  const how = random()
  if (how < 0.4) return
  await (how < 0.9 ? new Promise((resolve) => setImmediate(resolve)) : sleep(3 * random()))
}

function digest(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex')
}
