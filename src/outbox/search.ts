import { setImmediate } from 'node:timers/promises'
import { withoutAccents } from '../core/accents.ts'
import { envelopeOf } from './envelope.ts'
import { parseFileName, type FileName } from './file-name.ts'
import { splitHead } from './headers.ts'
import { copiesOf, HEAD_BYTES, keptFiles, summaryOf, type MessageSummary } from './messages.ts'
import { openMessage, readStart } from './open-message.ts'
import { parseParts } from './parts.ts'

/** Finds messages. What it has read of them stays in memory: the second search is the fast one. */
export interface OutboxSearch {
  /**
   * The newest first.
   * @param page.after the `next` of the page before; null: from the newest on
   */
  find(query: OutboxQuery, page: OutboxSearchPage): Promise<OutboxFound>
}

export interface OutboxQuery {
  /** Words that all stand in sender, recipient or subject, each anywhere in it, whatever its case and accents. */
  readonly text: string
  /** Look for them in the text of the newest messages too. */
  readonly inText: boolean
}

export interface OutboxSearchPage {
  /** A file's name. */
  readonly after: string | null
  readonly limit: number
  /** Aborted: what was found so far. */
  readonly signal?: AbortSignal
}

export interface OutboxFound {
  readonly messages: readonly MessageSummary[]
  readonly next: string | null
  /** How many match in all, counted with the first page; null: with a later one. */
  readonly matching: {
    readonly count: number
    /** There may be more among the oldest. */ readonly atLeast: boolean
  } | null
  /** How many of the newest were searched for words of their text; null: that was not asked for. */
  readonly textsRead: number | null
}

/** Messages of which a head is read at once. */
const TOGETHER = 64

/** So many are looked at to count those that match: some seconds the first time, where each is a file to be opened. */
const MOST_COUNTED = 20_000

/** Of so many the text is searched: each must be parsed, which takes about a millisecond. */
const MOST_TEXTS = 1_000

/** @param dir may not exist yet: an empty mailbox */
export function openOutboxSearch(dir: string): OutboxSearch {
  /** Of each message read, its sender, recipient and subject, folded. */
  let known = new Map<string, string>()

  const wordsOf = async ({ name }: FileName): Promise<string | null> => {
    const before = known.get(name)
    if (before !== undefined) return before
    const handle = await openMessage(dir, name)
    if (handle === null) return null
    try {
      const { from, to, subject } = envelopeOf(splitHead(await readStart(handle, HEAD_BYTES)).head)
      // A copy: a part of the head would keep all of it in memory.
      const found = Buffer.from(fold(`${from}\n${to}\n${subject}`)).toString()
      known.set(name, found)
      return found
    } finally {
      await handle.close()
    }
  }

  return {
    async find({ text, inText }, { after, limit, signal }) {
      const words = fold(text.slice(0, 1_000)).split(/\s+/u).filter(Boolean)
      const files = await keptFiles(dir)
      const copies = copiesOf(files)
      forgetOthers(files)
      const from = after === null ? null : parseFileName(after)
      const rest = from === null ? files : files.filter(({ sequence }) => sequence < from.sequence)
      const newest = new Set(inText ? files.slice(0, MOST_TEXTS).map(({ name }) => name) : [])
      const found: FileName[] = []
      let count = 0
      let at = 0
      // Without words all match, and no file need be opened to count them.
      const counts = after === null && words.length > 0
      const goesOn = (): boolean => found.length <= limit || (counts && at < MOST_COUNTED)
      for (; at < rest.length && goesOn(); at += TOGETHER) {
        if (signal?.aborted === true) break
        const heads = await Promise.all(
          rest.slice(at, at + TOGETHER).map(async (file) => ({ file, head: await wordsOf(file) })),
        )
        for (const { file, head } of heads) {
          if (head === null || !goesOn()) continue
          const missing = words.filter((word) => !head.includes(word))
          if (missing.length > 0 && !(newest.has(file.name) && (await inTextOf(file.name, missing)))) continue
          count += 1
          if (found.length <= limit) found.push(file)
        }
        // What is known is looked through without waiting for anything.
        await setImmediate()
      }
      const shown = found.slice(0, limit)
      const messages = await Promise.all(shown.map((file) => summaryOf(dir, file, copies.get(file.id) ?? 1)))
      return {
        messages: messages.filter((each) => each !== null),
        next: found.length > limit ? (shown.at(-1)?.name ?? null) : null,
        matching:
          after !== null
            ? null
            : counts
              ? { count, atLeast: at < rest.length }
              : { count: files.length, atLeast: false },
        textsRead: inText ? newest.size : null,
      }
    },
  }

  async function inTextOf(name: string, words: readonly string[]): Promise<boolean> {
    const handle = await openMessage(dir, name)
    if (handle === null) return false
    try {
      const { text, html } = await parseParts(await readStart(handle, 1024 * 1024))
      const content = fold(text ?? html ?? '')
      return words.every((word) => content.includes(word))
    } finally {
      await handle.close()
    }
  }

  /** Of messages that are deleted, nothing stays in memory. */
  function forgetOthers(files: readonly FileName[]): void {
    if (known.size === 0) return
    const names = new Set(files.map(({ name }) => name))
    known = new Map([...known].filter(([name]) => names.has(name)))
  }
}

function fold(text: string): string {
  return withoutAccents(text.toLowerCase())
}
