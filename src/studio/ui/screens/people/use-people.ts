import { useEffect, useRef, useState } from 'preact/hooks'
import type { PeoplePage, PeopleRequest, PersonLine } from '../../../contract/people.ts'
import { post, sentenceOf } from '../../shell/api.ts'
import { useChanges } from '../../shell/changes.ts'

export type PeopleQuery = Omit<PeopleRequest, 'after'>

export interface People {
  /** Null: not there yet. */
  readonly lines: readonly PersonLine[] | null
  readonly more: boolean
  readonly loading: boolean
  readonly error: string | null
  loadMore(): void
}

/** How long somebody stops writing before it is searched for, in milliseconds. */
const REST_MS = 150

/** Those who match, the newest first, a page at a time; what was loaded stays until the next answer is there. */
export function usePeople(query: PeopleQuery): People {
  const key = JSON.stringify(query)
  const [page, setPage] = useState<PeoplePage | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [loading, setLoading] = useState(true)
  const [turn, setTurn] = useState(0)
  const asking = useRef<AbortController | null>(null)
  const first = useRef(true)

  const ask = (after: number | null, known: readonly PersonLine[]): void => {
    asking.current?.abort()
    const abort = new AbortController()
    asking.current = abort
    setLoading(true)
    const body: PeopleRequest = { ...query, after }
    post<PeoplePage>('/api/people/search', body, abort.signal).then(
      ({ people, next }) => {
        setPage({ people: [...known, ...people], next })
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
    const rest = first.current ? 0 : REST_MS
    first.current = false
    const timer = setTimeout(() => ask(null, []), rest)
    return () => {
      clearTimeout(timer)
      asking.current?.abort()
    }
  }, [key, turn])
  useChanges((change) => {
    if (change === 'everything' || change.what === 'people') setTurn((before) => before + 1)
  })
  return {
    lines: page?.people ?? null,
    more: page !== null && page.next !== null,
    loading,
    error,
    loadMore() {
      if (!loading && page !== null && page.next !== null) ask(page.next, page.people)
    },
  }
}
