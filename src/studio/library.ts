import { messageOf } from '../core/errors.ts'
import type { Builder, Preview, PreviewImage, Shelf } from './preview.ts'

/** What the studio knows about one issue. */
export interface ShelvedIssue {
  readonly id: string
  /** The newest build; null until there is one. */
  readonly latest: Preview | null
  /** The newest build that can be shown: `latest`, or one from before it broke. */
  readonly shown: Preview | null
  /** Why the build itself failed, in one sentence; null when it did not. */
  readonly fault: string | null
  /** Goes up with every build. */
  readonly version: number
}

/** The previews of a publication, kept up to date. */
export interface Library {
  /** What is known now; before the first reading it waits for it. */
  shelf(): Promise<Shelf>
  /** Every issue as far as it is built, latest id first. */
  issues(): Promise<readonly ShelvedIssue[]>
  /** One issue, built now if it never was; null when there is none of that id. */
  issue(id: string): Promise<ShelvedIssue | null>
  image(name: string): PreviewImage | null
  /** Builds these issues again, or with null all of them, and reads onrecord.yaml and the list anew. */
  changed(issues: readonly string[] | null): void
  /** Told after every build; gives the way to stop. */
  onChange(listener: (issue: string | null) => void): () => void
  close(): Promise<void>
}

interface Entry {
  id: string
  latest: Preview | null
  shown: Preview | null
  fault: string | null
  version: number
}

/**
 * One build runs at a time; whatever a reader waits for goes first. An issue that breaks keeps its
 * last good version as `shown`.
 */
export function createLibrary(builder: Builder): Library {
  const entries = new Map<string, Entry>()
  const listeners = new Set<(issue: string | null) => void>()
  const queue: string[] = []
  const waiting = new Map<string, (() => void)[]>()
  let shelf: Shelf = { issues: [], findings: [], publication: null }
  let reading: Promise<void> | null = null
  let staleShelf = true
  let working = false
  let closed = false

  const tell = (issue: string | null): void => {
    for (const listener of listeners) listener(issue)
  }

  const readShelf = async (): Promise<void> => {
    while (staleShelf && !closed) {
      staleShelf = false
      shelf = await builder.shelf()
      for (const id of entries.keys()) if (!shelf.issues.includes(id)) entries.delete(id)
      for (const id of shelf.issues.toReversed()) {
        if (entries.has(id)) continue
        entries.set(id, { id, latest: null, shown: null, fault: null, version: 0 })
        enqueue(id)
      }
      tell(null)
    }
  }

  const upToDate = async (): Promise<void> => {
    if (staleShelf || reading !== null) {
      reading ??= readShelf().finally(() => {
        reading = null
      })
      await reading
    }
  }

  const enqueue = (id: string, first = false): void => {
    const at = queue.indexOf(id)
    if (at >= 0 && !first) return
    if (at >= 0) queue.splice(at, 1)
    if (first) queue.unshift(id)
    else queue.push(id)
    void work()
  }

  const work = async (): Promise<void> => {
    if (working) return
    working = true
    for (let id = queue.shift(); id !== undefined && !closed; id = queue.shift()) await buildOne(id)
    working = false
  }

  const buildOne = async (id: string): Promise<void> => {
    const entry = entries.get(id)
    if (entry !== undefined) {
      try {
        entry.latest = await builder.build(id)
        entry.fault = null
        if (entry.latest.editions !== null) entry.shown = entry.latest
      } catch (error) {
        entry.fault = messageOf(error)
      }
      entry.version++
      tell(id)
    }
    for (const done of waiting.get(id) ?? []) done()
    waiting.delete(id)
  }

  return {
    async shelf() {
      await upToDate()
      return shelf
    },
    async issues() {
      await upToDate()
      return [...entries.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
    },
    async issue(id) {
      await upToDate()
      const entry = entries.get(id)
      if (entry === undefined || entry.version > 0) return entry ?? null
      await new Promise<void>((resolve) => {
        waiting.set(id, [...(waiting.get(id) ?? []), resolve])
        enqueue(id, true)
      })
      return entry
    },
    image(name) {
      for (const { shown } of entries.values()) {
        const image = shown?.images.find((each) => each.name === name)
        if (image !== undefined) return image
      }
      return null
    },
    changed(issues) {
      staleShelf = true
      for (const id of issues ?? [...entries.keys()]) if (entries.has(id)) enqueue(id, issues !== null)
      void upToDate().catch(() => undefined)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      queue.length = 0
      for (const each of [...waiting.values()].flat()) each()
      await builder.close()
    },
  }
}
