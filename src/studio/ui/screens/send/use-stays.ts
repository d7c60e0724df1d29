import { useEffect, useState } from 'preact/hooks'

/** In milliseconds. */
const BEGINS_MS = 6_000

/** Whether something has been so for longer than a worker takes to begin. */
export function useStays(holds: boolean): boolean {
  const [stays, setStays] = useState(false)
  useEffect(() => {
    setStays(false)
    if (!holds) return
    const timer = setTimeout(() => setStays(true), BEGINS_MS)
    return () => clearTimeout(timer)
  }, [holds])
  return stays && holds
}
