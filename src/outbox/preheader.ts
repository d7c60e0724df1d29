import { Parser } from 'htmlparser2'
import { openMessage, readStart } from './open-message.ts'
import { parseParts, type MessageParts } from './parts.ts'

const LONGEST_PREHEADER = 150

/** Before what fills the line up is taken off: it is often longer than the words. */
const MOST_PREHEADER = 2_000

/** Tags of which no words are shown. */
const unshown: ReadonlySet<string> = new Set(['head', 'title', 'style', 'script', 'template'])

/** What senders fill the line up with, which nobody sees. */
const filler = /\p{Cf}|\u{34f}|\u{115f}|\u{1160}|\u{17b4}|\u{17b5}/gu

/** So much of a message is read for its first words: text and the beginning of the HTML behind it. */
const READ_BYTES = 96 * 1024

/** First words of messages; what was read of them stays in memory for as long as they are asked for. */
export interface Preheaders {
  /** Empty where a message has none, or is gone. */
  of(name: string): Promise<string>
}

/** So many are kept. */
const MOST_KEPT = 5_000

/** @param dir of the outbox */
export function openPreheaders(dir: string): Preheaders {
  const known = new Map<string, string>()
  return {
    async of(name) {
      const before = known.get(name)
      if (before !== undefined) return before
      const handle = await openMessage(dir, name)
      if (handle === null) return ''
      try {
        const words = preheaderOf(await parseParts(await readStart(handle, READ_BYTES)))
        known.set(name, words)
        for (const oldest of known.keys()) if (known.size > MOST_KEPT) known.delete(oldest)
        return words
      } finally {
        await handle.close()
      }
    },
  }
}

/** The first words of the HTML, hidden ones too, as lists of mail show them; else of the text. */
export function preheaderOf({ html, text }: Pick<MessageParts, 'html' | 'text'>): string {
  let words = html === null ? (text ?? '').slice(0, MOST_PREHEADER) : ''
  if (html !== null) {
    let inside = 0
    const parser = new Parser({
      onopentagname: (tag) => void (unshown.has(tag) && (inside += 1)),
      onclosetag: (tag) => void (unshown.has(tag) && (inside = Math.max(0, inside - 1))),
      ontext: (data) => void (inside === 0 && words.length < MOST_PREHEADER && (words += data)),
    })
    // Its words stand in the beginning, or nowhere that a list would show.
    parser.end(html.slice(0, 64 * 1024))
  }
  const plain = words.replace(filler, '').replace(/\s+/gu, ' ').trimStart()
  return plain.slice(0, LONGEST_PREHEADER).trim()
}
