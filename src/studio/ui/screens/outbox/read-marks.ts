import { useState } from 'preact/hooks'
import { recall, remember } from '../../shell/remembered.ts'

/** Which messages were opened in this browser: nothing of it is told to the studio. */
export interface ReadMarks {
  isRead(name: string): boolean
  mark(name: string): void
  /** As if it had not been opened. */
  unmark(name: string): void
  /** All up to this one, which is the newest. */
  markAll(newest: string): void
}

interface Kept {
  /** All up to this number of arrival are read. */
  readonly until: number
  /** Those behind it that were opened. */
  readonly opened: readonly number[]
  /** Those of them that somebody wants to come back to. */
  readonly unread: readonly number[]
}

/** So many are remembered one by one; the oldest count as read with all before them. */
const MOST_OPENED = 1_000

const KEY = 'outbox.read'

export function useReadMarks(): ReadMarks {
  const [kept, setKept] = useState<Kept>(() => parse(recall(KEY)))
  const opened = new Set(kept.opened)
  const unread = new Set(kept.unread)
  const wasOpened = (number: number): boolean => number <= kept.until || opened.has(number)
  const become = (next: Kept): void => {
    setKept(next)
    remember(KEY, JSON.stringify(next))
  }
  return {
    isRead: (name) => !unread.has(numberOf(name)) && wasOpened(numberOf(name)),
    mark(name) {
      const number = numberOf(name)
      if (unread.has(number))
        return become({ ...kept, unread: kept.unread.filter((each) => each !== number) })
      if (wasOpened(number)) return
      const all = [...kept.opened, number]
      const surplus = all.toSorted((a, b) => a - b).slice(0, Math.max(0, all.length - MOST_OPENED))
      const until = Math.max(kept.until, ...surplus)
      become({ ...kept, until, opened: all.filter((each) => each > until) })
    },
    unmark: (name) => become({ ...kept, unread: [...kept.unread, numberOf(name)].slice(-MOST_OPENED) }),
    markAll: (newest) => become({ until: Math.max(kept.until, numberOf(newest)), opened: [], unread: [] }),
  }
}

/** A message's name begins with the number of its arrival. */
export function numberOf(name: string): number {
  return Number.parseInt(name, 10) || 0
}

function parse(text: string | null): Kept {
  try {
    const read = JSON.parse(text ?? '') as Partial<Kept> | null
    const { until, opened, unread } = read ?? {}
    if (typeof until === 'number') return { until, opened: numbers(opened), unread: numbers(unread) }
  } catch {
    // Whatever stood there is no mark of ours.
  }
  return { until: 0, opened: [], unread: [] }
}

function numbers(list: unknown): number[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'number') : []
}
