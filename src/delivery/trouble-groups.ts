import { maskReply, replyCode, replyMeaning } from './reply-meaning.ts'
import type { Trouble } from './report.ts'

/** Deliveries that one domain put off or refused with the same code. */
export interface TroubleGroup {
  readonly state: 'deferred' | 'rejected'
  /** Null: people who were erased. */
  readonly domain: string | null
  readonly count: number
  /** “421 4.7.28”, or our own words where no server spoke. */
  readonly code: string
  /** What that means, or null. */
  readonly meaning: string | null
  /** The latest of them: in full, and with nobody's address in it. */
  readonly reply: string
  readonly address: string | null
  /** Milliseconds since the epoch. */
  readonly lastAt: number
  /** When the first of the deferred ones is tried again. */
  readonly nextAt: number | null
}

/** Troubles by state, domain and code; the most frequent first. */
export function groupTroubles(troubles: readonly Trouble[]): readonly TroubleGroup[] {
  const groups = new Map<string, TroubleGroup>()
  for (const each of troubles) {
    const { state, address, reply, at, nextAt } = each
    const domain = address?.slice(address.lastIndexOf('@') + 1).toLowerCase() ?? null
    const masked = maskReply(reply, address)
    const code = replyCode(masked)
    const key = [state, domain, code].join('\0')
    const held = groups.get(key)
    if (held === undefined) {
      const meaning = replyMeaning(reply)
      groups.set(key, { state, domain, count: 1, code, meaning, reply: masked, address, lastAt: at, nextAt })
    } else {
      const latest = at > held.lastAt ? { reply: masked, address, lastAt: at } : {}
      groups.set(key, { ...held, ...latest, count: held.count + 1, nextAt: earlier(held.nextAt, nextAt) })
    }
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count || b.lastAt - a.lastAt)
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}
