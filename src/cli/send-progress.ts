import type { App } from '../app.ts'
import type { RoundStatus } from '../delivery/status.ts'
import type { Context } from './context.ts'
import { progressLine, progressText } from './round-text.ts'

/** A line so often where stderr is no terminal, in milliseconds. The first comes at once. */
const PRINT_MS = 5_000

/** Shows how far a send is, on stderr: a bar that is redrawn, or plain lines. */
export function drawProgress(
  context: Context,
  app: Pick<App, 'deliveries'>,
): (status: RoundStatus, watching: boolean) => void {
  let printedAt: number | null = null
  let state: string | null = null
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
  return (status, watching) => {
    // Without its whole it is shown too.
    if (status.state === 'freezing' && !asked) countAudience(status.issue).catch(() => undefined)
    if (context.terminal) {
      const { columns = 80 } = process.stderr
      const prefix = watching ? 'another process sends it  ' : ''
      context.drawProgress(prefix + progressLine(status, columns - prefix.length, audience))
      return
    }
    const now = Date.now()
    if (printedAt !== null && now - printedAt < PRINT_MS && status.state === state) return
    printedAt = now
    state = status.state
    context.note(`${watching ? 'another process sends it: ' : ''}${progressText(status, audience)}`)
  }
}
