import type { Clock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import { domainOf } from '../delivery/domain.ts'
import { isReservedDomain } from '../delivery/refusals.ts'
import type { Outcome, Transport } from '../delivery/transport.ts'
import { createWaiting, type Sleep } from '../delivery/waiting.ts'
import { composeLetter } from '../email/compose-letter.ts'
import type { Signer } from '../email/signer.ts'
import type { DueLetter, Letters, MailFormat } from '../subscribers/readers.ts'
import { writeLetter, type LetterDesk } from './mail/write-letter.ts'

/*
 * A letter is a row until the server has taken it:
 *
 *   asked ──▶ due ──nextLetter──▶ on the wire ──250──────────────────▶ gone
 *              ▲                      ├──4xx, server down────▶ later ──▶ due again, for a day
 *              │                      ├──no reply after the body──▶ later, once; then gone
 *              │                      └──5xx, could not exist────────▶ gone
 *              └── killed before it was settled: the row stands, and the letter may come a second time
 */

/** Writes and sends the letters that wait, one after the other, in the process that serves. */
export interface Mailer {
  /** Looks for letters soon: within a second. */
  wake(): void
  /** Finishes the one on the wire; a server that takes long over it is hung up on, and gets it again later. */
  close(): Promise<void>
}

export interface MailerDeps extends LetterDesk {
  readonly letters: Letters
  /** Signs letters as it signs issues; null: nothing does. */
  readonly signer: Signer | null
  /** How who has that address wants mail; anybody else gets both parts. */
  formatOf(address: string): Promise<MailFormat>
  /** Opened when the first letter is due, closed with the mailer. */
  openTransport(): Promise<Transport>
  readonly clock: Clock
  readonly sleep?: Sleep
  /** From 0 to 1. */
  readonly random?: () => number
  /** For so many milliseconds the letter on the wire is waited for when it closes. */
  readonly grace?: number
}

/** How often it looks for what was put off, in milliseconds. */
const TICK = 5_000

/**
 * Between being woken and looking, in milliseconds, a random part more: what a letter takes to be looked up,
 * written and signed must not show in the time of the answer that asked for it.
 */
const SETTLE = 250

/** The same between two letters, at the most: one that was asked for meanwhile is no sooner looked up. */
const BETWEEN = 50

/** How often it tries to write down what became of a letter: it goes out again two minutes after it was begun. */
const SETTLE_TRIES = 10

/** After a server that is down, doubled each time. */
const LONGEST_REST = 5 * 60_000

/** Starts a mailer: soon after it is woken, and every few seconds for what was put off. */
export function startMailer(deps: MailerDeps): Mailer {
  const { letters, clock, log, sleep, random = Math.random, grace = 10_000 } = deps
  const waiting = createWaiting(sleep)
  const closing = new AbortController()
  const pause = createWaiting(sleep)
  let transport: Transport | null = null
  let failures = 0
  /** Letters of which the server may have taken one already: once more, and not again. */
  const uncertain = new Set<number>()

  const isClosing = (): boolean => closing.signal.aborted

  /** What became of it, and whether the server is to be left alone for a while. */
  async function send(due: DueLetter): Promise<{ settled: 'sent' | 'later' | 'never'; down: boolean }> {
    const told = (settled: 'sent' | 'later' | 'never', why: string, down = false) => {
      const fields = { kind: due.kind, outcome: settled, why }
      log(down ? 'error' : settled === 'sent' ? 'info' : 'warn', 'letter', fields)
      return { settled, down }
    }
    try {
      if (transport === null) {
        transport = await deps.openTransport()
        // Of the outbox, an operator of a public site should know.
        log(transport.kind === 'outbox' ? 'warn' : 'info', 'mailer', { to: transport.label })
      }
    } catch (error) {
      return told('later', nameOf(error), true)
    }
    if (cannotExist(due, transport)) return told('never', 'reserved domain')
    const written = await writeLetter(due, deps, clock.now())
    const letter = (await deps.formatOf(due.address)) === 'text' ? { ...written, html: null } : written
    const { messageId, to } = letter
    const raw = await composeLetter(letter, deps.signer)
    const outcome = await transport.send({ from: letter.from.address, to, messageId, raw })
    const why = codeOf(outcome)
    switch (outcome.state) {
      case 'accepted':
        return told('sent', why)
      case 'deferred':
        return told('later', why, outcome.serverDown)
      case 'rejected':
        // The server refuses us, not the letter: an operator can mend that within the day.
        return outcome.class === 'fatal' ? told('later', why, true) : told('never', why)
      case 'unknown': {
        const again = !uncertain.has(due.id)
        if (again) uncertain.add(due.id)
        return told(again ? 'later' : 'never', `no reply: ${why}`)
      }
    }
  }

  /** A store that is away for a while does not know that the server has the letter. */
  async function settle(id: number, settled: 'sent' | 'later' | 'never'): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await letters.settleLetter(id, settled)
        return
      } catch (error) {
        if (isClosing() || tries === SETTLE_TRIES) throw error
        await pause.until(TICK, 0)
      }
    }
  }

  /** @returns milliseconds to wait */
  async function sendDue(): Promise<number> {
    while (!isClosing()) {
      const due = await letters.nextLetter()
      if (due === null) return TICK
      const { settled, down } = await send(due).catch((error: unknown) => {
        // Not to be written, by no attempt: an address that no header can hold.
        const hopeless = error instanceof OnrecordError && error.code === 'refused'
        log('error', 'letter', { kind: due.kind, why: nameOf(error) })
        return { settled: hopeless ? ('never' as const) : ('later' as const), down: false }
      })
      await settle(due.id, settled)
      if (settled !== 'later') uncertain.delete(due.id)
      failures = down ? failures + 1 : 0
      if (down) return Math.min(LONGEST_REST, TICK * 2 ** (failures - 1))
      await pause.until(random() * BETWEEN, 0)
    }
    return 0
  }

  async function work(): Promise<void> {
    while (!isClosing()) {
      const seen = waiting.woken
      await pause.until(SETTLE + random() * SETTLE * 2, 0)
      const wait = await sendDue().catch((error: unknown) => {
        log('error', 'mailer', { why: nameOf(error) })
        return TICK
      })
      // A server that is down is not asked more often for each form that is sent.
      if (failures > 0) await pause.until(wait, 0)
      else await waiting.until(wait, seen)
    }
    await transport?.close()
  }

  const done = work()
  return {
    wake: () => waiting.wake(),
    close() {
      closing.abort()
      waiting.wake()
      pause.wake()
      const late = setTimeout(() => void transport?.close(), grace)
      return done.finally(() => clearTimeout(late))
    },
  }
}

/** Nobody can be reached there, unless nothing leaves this machine. */
function cannotExist({ address }: DueLetter, { kind, local }: Transport): boolean {
  return kind === 'smtp' && !local && isReservedDomain(domainOf(address))
}

/** The codes of a reply, without its words, in which servers repeat addresses. */
function codeOf({ reply }: Outcome): string {
  return /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(reply)?.[0] ?? 'none'
}

function nameOf(error: unknown): string {
  if (error instanceof OnrecordError) return error.code
  return error instanceof Error ? error.name : 'error'
}
