/** Most sends have ended by then. */
const SOON_MS = 1_500

/**
 * After an interruption: says, where it takes a while, what is waited for, and that a second one is safe.
 * A server may take minutes to answer (RFC 5321 §4.5.3.2.6).
 * @returns ends it
 */
export function hintAtDraining(interrupted: AbortSignal, say: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | null = null
  const onAbort = (): void => {
    timer = setTimeout(() => {
      say(
        'Waiting for the server’s answer to what is on the wire. Ctrl-C again leaves at once: what has no answer then is unknown, by name.',
      )
    }, SOON_MS)
  }
  interrupted.addEventListener('abort', onAbort, { once: true })
  return () => {
    interrupted.removeEventListener('abort', onAbort)
    if (timer !== null) clearTimeout(timer)
  }
}
