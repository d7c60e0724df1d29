/** One reply of a server (RFC 5321 §4.2). */
export interface Reply {
  /** From 200 to 599. */
  readonly code: number
  /** Every line with its code, without line ends, joined by `\n`. */
  readonly text: string
}

/** RFC 5321 §4.5.3.1.5 says 512 octets; many servers say more. */
const LONGEST_LINE = 2_048
const MOST_LINES = 100
const LF = 10
const CR = 13
const SPACE = 32
const HYPHEN = 45

/** Takes a server's bytes apart into replies, however they are cut into packets. */
export class ReplyReader {
  /** The beginning of a line whose end has not come. */
  #rest: Buffer | null = null
  /** Lines of a reply that goes on. */
  #lines: string[] = []
  #code = 0

  /** Whether bytes were read that are no whole reply yet. */
  get midway(): boolean {
    return this.#rest !== null || this.#lines.length > 0
  }

  /**
   * Reads a packet, whose memory it does not keep, and hands over each reply until `take` says stop.
   * @returns what is wrong with it, where it is not SMTP; nothing can be read after that
   */
  read(packet: Buffer, take: (reply: Reply) => boolean): string | null {
    const bytes = this.#rest === null ? packet : Buffer.concat([this.#rest, packet])
    this.#rest = null
    let start = 0
    for (;;) {
      const lineFeed = bytes.indexOf(LF, start)
      if (lineFeed < 0) break
      const end = lineFeed > start && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed
      if (end - start > LONGEST_LINE) return `a line of ${end - start} octets`
      const code = codeAt(bytes, start, end)
      if (code === 0 || (this.#code !== 0 && code !== this.#code)) return quoted(bytes, start, end)
      const line = bytes.toString('utf8', start, end)
      const goesOn = bytes[start + 3] === HYPHEN && end > start + 3
      start = lineFeed + 1
      if (goesOn) {
        this.#code = code
        if (this.#lines.push(line) > MOST_LINES) return `a reply of more than ${MOST_LINES} lines`
        continue
      }
      let text = line
      if (this.#code !== 0) {
        text = `${this.#lines.join('\n')}\n${line}`
        this.#lines = []
        this.#code = 0
      }
      if (!take({ code, text })) return null
    }
    if (bytes.length - start > LONGEST_LINE) return `a line of more than ${LONGEST_LINE} octets`
    // The packet's memory may be used again for the next one.
    if (start < bytes.length) this.#rest = Buffer.from(bytes.subarray(start))
    return null
  }
}

/** The code of the line in `bytes` from `start` to `end`, or 0. */
function codeAt(bytes: Buffer, start: number, end: number): number {
  if (end - start < 3) return 0
  const first = (bytes[start] ?? 0) - 48
  const second = (bytes[start + 1] ?? 0) - 48
  const third = (bytes[start + 2] ?? 0) - 48
  if (first < 2 || first > 5 || second < 0 || second > 9 || third < 0 || third > 9) return 0
  const after = bytes[start + 3]
  if (end - start > 3 && after !== SPACE && after !== HYPHEN) return 0
  return first * 100 + second * 10 + third
}

function quoted(bytes: Buffer, start: number, end: number): string {
  return `“${readable(bytes.toString('utf8', start, Math.min(end, start + 80)))}”`
}

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** On one line, for people and the log: no control characters, and no more than `longest` of others. */
export function readable(text: string, longest = 500): string {
  // Of a reply of several lines, the code and the enhanced code of the first one stand for all.
  const line = text.includes('\n')
    ? text.replace(/^(\d{3})-/, '$1 ').replace(/\n\d{3}[ -]?(?:[245]\.\d{1,3}\.\d{1,3} )?/g, ' ')
    : text
  const clean = CONTROL.test(line) ? line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ') : line
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean
}
