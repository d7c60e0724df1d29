import { OnrecordError } from '../core/errors.ts'

/** A file as an editor sees it: without its byte order mark, with line feeds alone. */
export interface DecodedDraft {
  readonly text: string
  readonly mark: '' | '\uFEFF'
  /** What ends each line but the last. */
  readonly ends: readonly string[]
}

/** @throws OnrecordError `refused`: it is not UTF-8 */
export function decodeDraft(path: string, bytes: Uint8Array): DecodedDraft {
  const whole = decode(path, bytes)
  const mark = whole.startsWith('\uFEFF') ? '\uFEFF' : ''
  const text = whole.slice(mark.length)
  if (!text.includes('\r')) return { text, mark, ends: [] }
  return { text: text.replace(/\r\n?/g, '\n'), mark, ends: text.match(/\r\n|\r|\n/g) ?? [] }
}

/**
 * The bytes of `text` with the byte order mark and the line ends of `former`: a line that stays keeps its own, a new
 * one gets what most lines have.
 */
export function encodeDraft(text: string, former: Uint8Array | null): Uint8Array {
  const clean = text.toWellFormed().replace(/\r\n?/g, '\n')
  if (former === null) return Buffer.from(clean)
  const { text: was, mark, ends } = decodeDraft('', former)
  if (ends.length === 0) return Buffer.from(mark + clean)
  const [before, after] = [was.split('\n'), clean.split('\n')]
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head] === after[head]) head++
  let tail = 0
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const usual = mostCommon(ends)
  const written = after.map((line, index) => {
    if (index === after.length - 1) return line
    const same =
      index < head ? index : index >= after.length - tail ? index + before.length - after.length : -1
    return line + (ends[same] ?? usual)
  })
  return Buffer.from(mark + written.join(''))
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new OnrecordError('refused', `${path} is not UTF-8 text.`, {
      hint: 'Save it as UTF-8 in the program it comes from.',
    })
  }
}

function mostCommon(ends: readonly string[]): string {
  const count = (end: string): number => ends.filter((each) => each === end).length
  return ['\n', '\r\n', '\r'].toSorted((a, b) => count(b) - count(a))[0] ?? '\n'
}
