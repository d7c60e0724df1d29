import { messageOf } from '../core/errors.ts'
import { compareIds } from '../core/id-order.ts'
import type { Tier } from '../core/tier.ts'
import type { Recipient } from '../email/edition.ts'
import type {
  Builder,
  FirstSight,
  Preview,
  PreviewEdition,
  PreviewImage,
  PreviewMessage,
  Shelf,
} from './preview.ts'

/** What the studio knows about one issue. */
export interface ShelvedIssue {
  readonly id: string
  /** The newest build; null until there is one. */
  readonly latest: Preview | null
  /** The newest build that can be shown: `latest`, or one from before it broke. */
  readonly shown: Preview | null
  /** Why the build itself failed, in one sentence; null when it did not. */
  readonly fault: string | null
  /** Goes up with everything that is new about it. */
  readonly version: number
  /** The version that last changed each tier's mail: as long as it is the same, no picture need be asked for again. */
  readonly pictures: Readonly<Record<Tier, number>>
  /** The tier that is looked at is newer than the others, and what the desk judges is still to come. */
  readonly partial: boolean
}

/** The previews of a publication, kept up to date. */
export interface Library {
  /** What is known now; before the first reading it waits for it. */
  shelf(): Promise<Shelf>
  /** Every issue as far as it is built, latest id first. */
  issues(): Promise<readonly ShelvedIssue[]>
  /**
   * One issue, built now if it never was; null when there is none of that id.
   *
   * @param looksAt the tier that is looked at: it is built first from now on
   */
  issue(id: string, looksAt?: Tier): Promise<ShelvedIssue | null>
  /** What `recipient` would get of the newest build; null when there is nothing. */
  message(id: string, tier: Tier, recipient: Recipient, look?: string): Promise<PreviewMessage | null>
  /** See `Builder.look`. */
  look(id: string, tier: Tier, look: string): Promise<PreviewEdition | null>
  /** See `Builder`. */
  readonly checks: Pick<Builder, 'fixes' | 'mend' | 'inspect'>
  image(name: string): PreviewImage | null
  /** Builds these issues again, or with null all of them, and reads onrecord.yaml and the list anew. */
  changed(issues: readonly string[] | null): void
  /** Told of everything that is new, with null of the shelf; gives the way to stop. */
  onChange(listener: LibraryListener): () => void
  close(): Promise<void>
}

/** `known`: what is known of that issue now; null of the shelf, and of an issue that is gone. */
export type LibraryListener = (issue: string | null, known: ShelvedIssue | null) => void

type Entry = { -readonly [Key in keyof ShelvedIssue]: ShelvedIssue[Key] } & {
  looksAt: Tier
  /** The build that was asked for last. */
  building: Promise<void> | null
  /** Its editions and images were given up, since others were looked at: to be built again by whoever looks at it. */
  isShed: boolean
}

/** So many issues, those that were looked at last, are kept with their editions: one is some 5 MB, here and in the thread. */
export const MOST_KEPT = 12

/**
 * What an editor changed or waits for is built at once, and answered in two steps: the tier that is looked
 * at, then the rest. All else is built one after the other. An issue that breaks keeps its last good
 * version as `shown`.
 */
export function createLibrary(builder: Builder): Library {
  const entries = new Map<string, Entry>()
  const listeners = new Set<LibraryListener>()
  const queue = new Set<string>()
  let shelf: Shelf = { issues: [], findings: [], publication: null }
  let shelfText = ''
  let reading: Promise<void> | null = null
  let staleShelf = true
  let working = false
  let closed = false
  /** The issues that were asked for, the last one last. */
  const lookedAt = new Set<string>()

  const tell = (issue: string | null): void => {
    const known = issue === null ? null : (entries.get(issue) ?? null)
    for (const listener of listeners) listener(issue, known)
  }

  const readShelf = async (): Promise<void> => {
    while (staleShelf && !closed) {
      staleShelf = false
      try {
        shelf = await builder.shelf()
      } catch (error) {
        // Its thread has ended; whoever asks next asks another one.
        staleShelf = true
        throw error
      }
      for (const id of [...entries.keys()].filter((each) => !shelf.issues.includes(each))) {
        entries.delete(id)
        lookedAt.delete(id)
        forget(id)
      }
      for (const id of shelf.issues.toReversed()) {
        if (entries.has(id)) continue
        entries.set(id, newEntry(id))
        enqueue(id)
      }
      const text = JSON.stringify(shelf)
      if (text !== shelfText) tell(null)
      shelfText = text
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

  const forget = (id: string): void => void builder.forget(id).catch(() => undefined)

  /** Gives up the editions of issues that nobody has looked at for longest. The last good version of a broken one stays. */
  const shed = (): void => {
    const age = [...lookedAt]
    const kept = [...entries.values()].filter(
      ({ isShed, latest, shown, partial }) => !isShed && shown !== null && shown === latest && !partial,
    )
    const surplus = kept.toSorted((a, b) => age.indexOf(a.id) - age.indexOf(b.id)).slice(0, -MOST_KEPT)
    for (const entry of surplus) {
      entry.latest = entry.shown = entry.latest && { ...entry.latest, editions: null, images: [] }
      entry.isShed = true
      forget(entry.id)
    }
  }

  const enqueue = (id: string): void => {
    queue.add(id)
    void work()
  }

  const work = async (): Promise<void> => {
    if (working) return
    working = true
    for (const id of queue) {
      if (closed) break
      queue.delete(id)
      const entry = entries.get(id)
      if (entry !== undefined) await build(entry, false)
    }
    working = false
  }

  const build = (entry: Entry, urgent: boolean): Promise<void> => {
    queue.delete(entry.id)
    const building = buildOne(entry, urgent, () => entry.building === building)
    entry.building = building
    return building
  }

  const buildOne = async (entry: Entry, urgent: boolean, isNewest: () => boolean): Promise<void> => {
    const { id, looksAt: first } = entry
    try {
      const onFirst = (sight: FirstSight): void => {
        if (takeFirst(entry, sight) && !closed) tell(id)
      }
      const built = await builder.build(id, { first, urgent, onFirst })
      // Given up, since there is a newer one; an older one that ended is taken as it comes.
      const isNew = built !== null && take(entry, built)
      shed()
      if (!isNew) return
    } catch (error) {
      if (!isNewest()) return
      entry.fault = messageOf(error)
      entry.version++
    }
    if (!closed) tell(id)
  }

  return {
    async shelf() {
      await upToDate()
      return shelf
    },
    async issues() {
      await upToDate()
      return [...entries.values()].sort((a, b) => compareIds(b.id, a.id))
    },
    async issue(id, looksAt) {
      // One that is known need not wait for what else there is.
      if ((entries.get(id)?.version ?? 0) === 0) await upToDate()
      const entry = entries.get(id)
      if (entry === undefined) return null
      lookedAt.delete(id)
      lookedAt.add(id)
      if (looksAt !== undefined) entry.looksAt = looksAt
      const isMissing = (): boolean => entry.version === 0 || entry.isShed
      if (isMissing()) await build(entry, true)
      // One that was given up has a newer one behind it.
      for (let ended: Promise<void> | null = null; isMissing() && entry.building !== ended;) {
        ended = entry.building
        await ended
      }
      return entry
    },
    message: (id, tier, recipient, look) => builder.message(id, tier, recipient, look),
    look: (id, tier, look) => builder.look(id, tier, look),
    checks: builder,
    image(name) {
      for (const { shown } of entries.values()) {
        const image = shown?.images.find((each) => each.name === name)
        if (image !== undefined) return image
      }
      return null
    },
    changed(issues) {
      staleShelf = true
      const all = issues ?? [...entries.keys()]
      for (const id of all) {
        const entry = entries.get(id)
        if (entry === undefined) continue
        if (id === [...lookedAt].at(-1) || all.length === 1) void build(entry, true)
        else enqueue(id)
      }
      void upToDate().catch(() => undefined)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      queue.clear()
      await builder.close()
    },
  }
}

function newEntry(id: string): Entry {
  return {
    ...{ id, latest: null, shown: null, fault: null, version: 0, partial: false },
    ...{ building: null, isShed: false },
    pictures: { public: 0, subscriber: 0, member: 0 },
    looksAt: 'subscriber',
  }
}

/** Shows the mail that is looked at beside what all else was; whether anything was new. */
function takeFirst(entry: Entry, { mail, ...about }: FirstSight): boolean {
  const { shown } = entry
  const editions = shown?.editions ?? null
  if (shown === null || editions === null) return false
  const before = editions[mail.tier]
  if (before.picture === mail.picture && entry.latest === shown) return false
  // What the desk found in the version before stands until it has read this one.
  const { findings } = entry.latest ?? shown
  const next = { ...editions, [mail.tier]: { ...before, ...mail } }
  show(entry, { ...shown, ...about, findings, state: NOT_WHOLE, editions: next })
  entry.partial = true
  return true
}

/** The state of what is shown before all of it is built: that of no build. */
const NOT_WHOLE = ''

/** Whether anything was new. */
function take(entry: Entry, built: Preview): boolean {
  const isKnown = entry.version > 0 && entry.fault === null && entry.latest?.state === built.state
  const wasShed = entry.isShed
  entry.isShed = false
  if (isKnown) {
    if (wasShed) entry.shown = entry.latest = built
    return false
  }
  show(entry, built)
  entry.partial = false
  return true
}

function show(entry: Entry, preview: Preview): void {
  const before = entry.shown?.editions ?? null
  const after = preview.editions
  entry.version++
  entry.fault = null
  entry.latest = preview
  // The last good version stays.
  if (after === null) return
  entry.shown = preview
  const version = (tier: Tier): number =>
    before !== null && before[tier].picture === after[tier].picture ? entry.pictures[tier] : entry.version
  entry.pictures = { public: version('public'), subscriber: version('subscriber'), member: version('member') }
}
