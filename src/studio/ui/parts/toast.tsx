import { useEffect, useState } from 'preact/hooks'

interface Said {
  readonly id: number
  readonly text: string
}

/** How long a sentence stays, in milliseconds. */
const STAYS_MS = 6_000

let listener: ((text: string) => void) | null = null

/** Says one sentence at the foot of the page, and to screen readers: what was done, never what went wrong. */
export function say(text: string): void {
  listener?.(text)
}

/** The live region; there is one. */
export function Toasts() {
  const [said, setSaid] = useState<readonly Said[]>([])
  useEffect(() => {
    let next = 1
    const timers = new Set<ReturnType<typeof setTimeout>>()
    listener = (text) => {
      const id = next++
      setSaid((before) => [...before, { id, text }])
      const timer = setTimeout(() => {
        timers.delete(timer)
        setSaid((before) => before.filter((each) => each.id !== id))
      }, STAYS_MS)
      timers.add(timer)
    }
    return () => {
      listener = null
      for (const timer of timers) clearTimeout(timer)
    }
  }, [])
  return (
    <div class="toasts" role="status">
      {said.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
