import { useState } from 'preact/hooks'
import { recall, remember } from '../../shell/remembered.ts'

/** Which messages were opened in this browser: nothing of it is told to the studio. */
export interface ReadMarks {
  isRead(name: string): boolean
  mark(name: string): void
  /** All up to this one, which is the newest. */
  markAll(newest: string): void
}

interface Kept {
  /** All up to this number of arrival are read. */
  readonly until: number
  /** Those behind it that were opened. */
  readonly opened: readonly number[]
}

/** So many are remembered one by one; the oldest count as read with all before them. */
const MOST_OPENED = 1_000

const KEY = 'outbox.read'

export function useReadMarks(): ReadMarks {
  const [kept, setKept] = useState<Kept>(() => parse(recall(KEY)))
  const opened = new Set(kept.opened)
  const become = (next: Kept): void => {
    setKept(next)
    remember(KEY, JSON.stringify(next))
  }
  return {
    isRead: (name) => numberOf(name) <= kept.until || opened.has(numberOf(name)),
    mark(name) {
      const number = numberOf(name)
      if (number <= kept.until || opened.has(number)) return
      const all = [...kept.opened, number]
      const surplus = all.toSorted((a, b) => a - b).slice(0, Math.max(0, all.length - MOST_OPENED))
      const until = Math.max(kept.until, ...surplus)
      become({ until, opened: all.filter((each) => each > until) })
    },
    markAll: (newest) => become({ until: Math.max(kept.until, numberOf(newest)), opened: [] }),
  }
}

/** A message's name begins with the number of its arrival. */
export function numberOf(name: string): number {
  return Number.parseInt(name, 10) || 0
}

function parse(text: string | null): Kept {
  try {
    const read = JSON.parse(text ?? '') as Partial<Kept> | null
    const { until, opened } = read ?? {}
    if (typeof until === 'number' && Array.isArray(opened))
      return { until, opened: opened.filter((each) => typeof each === 'number') }
  } catch {
    // Whatever stood there is no mark of ours.
  }
  return { until: 0, opened: [] }
}
