import { useEffect, useRef, useState } from 'preact/hooks'
import type { OutboxLine, OutboxPage, OutboxRequest } from '../../../contract/outbox.ts'
import { post, sentenceOf } from '../../shell/api.ts'
import { useChanges } from '../../shell/changes.ts'
import { numberOf } from './read-marks.ts'

export interface Mailbox {
  /** Null: not there yet. */
  readonly lines: readonly OutboxLine[] | null
  readonly total: number
  /** How many of them match; null: all are shown. */
  readonly matching: OutboxPage['matching']
  readonly repeated: number
  readonly textsRead: number | null
  /** There are older ones. */
  readonly more: boolean
  readonly loading: boolean
  /** What is shown was found by other words. */
  readonly searching: boolean
  readonly error: string | null
  loadMore(): void
}

interface Held {
  readonly query: string
  readonly everything: boolean
  readonly page: OutboxPage
}

/** The messages that match, the newest first: what arrives is put before the others, which stay. */
export function useMailbox(text: string, inText: boolean): Mailbox {
  const query = JSON.stringify({ text, inText })
  const [held, setHeld] = useState<Held | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [loading, setLoading] = useState(true)
  const [turn, setTurn] = useState(0)
  const asking = useRef<AbortController | null>(null)

  const ask = (
    after: string | null,
    take: (before: OutboxPage | null, page: OutboxPage) => OutboxPage,
  ): void => {
    asking.current?.abort()
    const abort = new AbortController()
    asking.current = abort
    setLoading(true)
    const body: OutboxRequest = { text, inText, after }
    post<OutboxPage>('/api/outbox/search', body, abort.signal).then(
      (page) => {
        setHeld((before) => ({
          query,
          everything: text.trim() === '',
          page: take(before?.query === query ? before.page : null, page),
        }))
        setError(null)
        setLoading(false)
      },
      (reason: unknown) => {
        if (abort.signal.aborted) return
        setError(sentenceOf(reason))
        setLoading(false)
      },
    )
  }
  useEffect(() => {
    ask(null, renewed)
    return () => asking.current?.abort()
  }, [query, turn])
  useChanges((change) => {
    if (change === 'everything' || change.what === 'outbox') setTurn((before) => before + 1)
  })

  const page = held?.page ?? null
  return {
    lines: page?.messages ?? null,
    total: page?.total ?? 0,
    matching: held === null || held.everything ? null : held.page.matching,
    repeated: page?.repeated ?? 0,
    textsRead: page?.textsRead ?? null,
    more: page !== null && page.next !== null,
    loading,
    searching: error === null && held !== null && held.query !== query,
    error,
    loadMore() {
      if (loading || page === null || page.next === null) return
      ask(page.next, (before, next) => ({
        ...next,
        matching: before?.matching ?? next.matching,
        messages: [...(before?.messages ?? []), ...next.messages],
      }))
    },
  }
}

/** The newest page before what was loaded of older ones; what is gone from it goes. */
function renewed(before: OutboxPage | null, page: OutboxPage): OutboxPage {
  const last = page.messages.at(-1)
  if (before === null || last === undefined || page.next === null) return page
  const known = new Set(page.messages.map(({ name }) => name))
  // So much has arrived that there is a gap: what was loaded of older ones is asked for again.
  if (!before.messages.some(({ name }) => known.has(name))) return page
  const older = before.messages.filter(({ name }) => numberOf(name) < numberOf(last.name))
  if (older.length === 0) return page
  return { ...page, messages: [...page.messages, ...older], next: before.next }
}
