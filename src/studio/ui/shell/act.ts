import { useEffect, useRef, useState } from 'preact/hooks'
import { sentenceOf } from './api.ts'

export interface Act {
  readonly busy: boolean
  /** What went wrong the last time, as a sentence with its next step, or null. */
  readonly error: string | null
  /** Does it, and says whether it was done; while something else is being done nothing is, and it was not. */
  run(work: () => Promise<void>): Promise<boolean>
  setError(sentence: string | null): void
}

/** One thing at a time that a person asked for: a second press while it is being done changes nothing. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const doing = useRef(false)
  const alive = useRef(true)
  useEffect(() => () => void (alive.current = false), [])
  return {
    busy,
    error,
    setError,
    async run(work) {
      if (doing.current) return false
      doing.current = true
      setBusy(true)
      setError(null)
      try {
        await work()
        return true
      } catch (failed) {
        if (alive.current) setError(sentenceOf(failed))
        return false
      } finally {
        doing.current = false
        if (alive.current) setBusy(false)
      }
    },
  }
}
