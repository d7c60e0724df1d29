import type { App } from '../app.ts'
import type { UsedUp } from '../delivery/limits.ts'
import type { RoundStatus } from '../delivery/status.ts'
import type { Context } from './context.ts'
import { progressLine, progressText } from './round-text.ts'

/** A line so often where stderr is no terminal, in milliseconds. The first comes at once. */
const PRINT_MS = 5_000

/** Shows how far a send is, on stderr: a bar that is redrawn, or plain lines. */
export function drawProgress(
  context: Context,
  app: Pick<App, 'deliveries'>,
): (status: RoundStatus, watching: boolean, usedUp: UsedUp | null) => void {
  let printedAt: number | null = null
  let state: string | null = null
  let printed = ''
  let audience: number | null = null
  let asked = false
  /** Counted once, when freezing begins: the whole of what is being frozen. */
  const countAudience = async (issue: string): Promise<void> => {
    asked = true
    const [round] = await app.deliveries.rounds(issue)
    if (round === undefined) return
    const { subscriber, member } = await app.deliveries.audience(round.newsletter)
    audience = subscriber + member
  }
  return (status, watching, usedUp) => {
    // Without its whole it is shown too.
    if (status.state === 'freezing' && !asked) countAudience(status.issue).catch(() => undefined)
    const text = progressText(status, audience, usedUp)
    if (context.terminal) {
      const { columns = 80 } = process.stderr
      const prefix = watching ? 'another process sends it  ' : ''
      context.drawProgress(prefix + progressLine(status, columns - prefix.length, audience, text))
      return
    }
    const now = Date.now()
    if (printedAt !== null && now - printedAt < PRINT_MS && status.state === state) return
    // An hour of the same line helps nobody.
    if (usedUp !== null && text === printed) return
    printedAt = now
    printed = text
    state = status.state
    context.note(`${watching ? 'another process sends it: ' : ''}${text}`)
  }
}
