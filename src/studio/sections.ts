import { Parser } from 'htmlparser2'
import { withoutAttributes } from '../render/position-marks.ts'
import type { TextPlace } from './contract/finding.ts'
import type { SectionBytes } from './contract/preview.ts'

/** Where Gmail cuts a message off, in bytes of its HTML. */
export const GMAIL_CLIPS_AT = 102_400

/** The first block that Gmail does not show whole; the line is drawn before it. */
export interface Clip {
  /** Where the block's HTML begins, in bytes of what is sent. */
  readonly at: number
  /** Matches the block in the frame. */
  readonly selector: string
  readonly place: TextPlace | null
}

/** A mail's HTML measured by its position marks; bytes are of what is sent, which has none. */
export interface MeasuredMail {
  /** Styles, masthead, opening, each brief, sources and footer, as far as the look has them; together the whole. */
  readonly sections: readonly SectionBytes[]
  /** Null: it is shown whole. */
  readonly clip: Clip | null
}

/**
 * @param marked `PreviewMail.marked`
 * @param files `Preview.files`
 */
export function measureMail(
  marked: string,
  files: readonly string[],
  clipsAt = GMAIL_CLIPS_AT,
): MeasuredMail {
  const elements = elementsOf(marked)
  const bytesBefore = sentBytes(marked)
  const total = bytesBefore(marked.length)
  const cut = total > clipsAt ? firstCut(elements, (at) => bytesBefore(at) > clipsAt) : null
  return {
    sections: sectionsOf(elements, files, marked.length).map(({ label, start, end, selector, place }) => ({
      label,
      bytes: bytesBefore(end) - bytesBefore(start),
      end: bytesBefore(end),
      selector,
      place,
    })),
    clip:
      cut === null || cut === undefined
        ? null
        : {
            at: bytesBefore(cut.start),
            selector: selectorOf(cut),
            place: placeOf(cut.attributes['data-l'], files),
          },
  }
}

/** The block that holds the place, or the next one; in the sources and the footer, which are nobody's words, by their anchors. */
function firstCut(elements: readonly Element[], isAfter: (at: number) => boolean): Element | undefined {
  const blocks = elements.filter((each) => hasPlace(each) || isAnchor(each))
  const before = blocks.findLast(({ start }) => !isAfter(start))
  if (before !== undefined && !hasPlace(before)) return before
  return blocks.find((each) => isAfter(hasPlace(each) ? each.end : each.start)) ?? before
}

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** From the outermost: where each element around it begins. */
  readonly around: readonly number[]
  readonly start: number
  end: number
  text: string
}

/** Those that have a mark, a name or a role, in the order in which they begin. */
function elementsOf(html: string): readonly Element[] {
  const kept: Element[] = []
  const open: Element[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      const around = open.map(({ start }) => start)
      const element = { name, attributes, around, start: parser.startIndex, end: html.length, text: '' }
      open.push(element)
      if (name === 'body' || hasPlace(element) || 'id' in attributes || 'role' in attributes)
        kept.push(element)
    },
    ontext(text) {
      for (const element of open) if (hasPlace(element)) element.text += text
    },
    onclosetag() {
      const element = open.pop()
      if (element !== undefined) element.end = parser.endIndex + 1
    },
  })
  parser.write(html)
  parser.end()
  return kept
}

function hasPlace({ attributes }: Pick<Element, 'attributes'>): boolean {
  return 'data-l' in attributes
}

function isAnchor({ attributes }: Pick<Element, 'attributes'>): boolean {
  return 'id' in attributes || attributes['role'] === 'contentinfo'
}

/** Where a part begins, by an element of it. */
interface Beginning {
  readonly label: string
  readonly element: Element
  readonly place: TextPlace | null
}

/** A part begins with the whole table or block that holds its first element and no other part's. */
function sectionsOf(elements: readonly Element[], files: readonly string[], length: number) {
  const beginnings = beginningsOf(elements, files).toSorted((a, b) => a.element.start - b.element.start)
  const body = elements.find(({ name }) => name === 'body')?.start ?? 0
  const common = commonDepth(beginnings.map(({ element }) => element.around))
  const parts = [
    { label: 'Styles', start: 0, selector: null, place: null },
    { label: 'Masthead', start: body, selector: 'body', place: null },
    ...beginnings.map(({ label, element, place }) => ({
      label,
      start: element.around[common] ?? element.start,
      selector: selectorOf(element),
      place,
    })),
  ]
  return parts
    .map((part, index) => ({ ...part, end: parts[index + 1]?.start ?? length }))
    .filter(({ start, end }) => end > start)
}

function beginningsOf(elements: readonly Element[], files: readonly string[]): Beginning[] {
  const anchor = (test: (id: string) => boolean): Element | undefined =>
    elements.find(({ attributes }) => attributes['id'] !== undefined && test(attributes['id']))
  const anchors = new Set(elements.map(({ attributes }) => attributes['id']))
  const ofFiles = files.flatMap((file, number): Beginning[] => {
    const id = `b-${file.replace(/^.*\//, '').replace(/\.md$/, '')}`
    const isBrief = anchors.has(id)
    const marked = elements.filter(({ attributes }) => attributes['data-l']?.startsWith(`${number}:`))
    const after = anchor((each) => each === id)
    const element = after ?? marked[0]
    if (element === undefined) return []
    const first = marked.find(({ start }) => start > element.start) ?? element
    const label = isBrief ? first.text.replace(/\s+/g, ' ').trim() : 'Opening'
    return [{ label: label || file, element, place: { file, line: 1, column: 1 } }]
  })
  const sources = anchor((id) => /^s\d+$/.test(id))
  const footer = elements.find(({ attributes }) => attributes['role'] === 'contentinfo')
  return [
    ...ofFiles,
    ...(sources === undefined ? [] : [{ label: 'Sources', element: sources, place: null }]),
    ...(footer === undefined ? [] : [{ label: 'Footer', element: footer, place: null }]),
  ]
}

/** How many elements are around all of them alike. */
function commonDepth(paths: readonly (readonly number[])[]): number {
  const [first = []] = paths
  const apart = first.findIndex((start, depth) => paths.some((path) => path[depth] !== start))
  return apart < 0 ? first.length : apart
}

function selectorOf({ attributes }: Pick<Element, 'attributes'>): string {
  const named = ['id', 'data-l', 'role'].find((name) => attributes[name] !== undefined) ?? 'id'
  return `[${named}="${attributes[named]}"]`
}

function placeOf(mark: string | undefined, files: readonly string[]): TextPlace | null {
  const [number, line, column] = mark?.split(/[:-]/) ?? []
  const file = files[Number(number)]
  return file === undefined ? null : { file, line: Number(line), column: Number(column) }
}

/** How many bytes of what is sent stand before a place of the marked HTML; asked in any order. */
function sentBytes(marked: string): (at: number) => number {
  const known = new Map<number, number>([[0, 0]])
  return (at) => {
    const found = known.get(at)
    if (found !== undefined) return found
    const from = Math.max(...[...known.keys()].filter((each) => each < at))
    const bytes = (known.get(from) ?? 0) + Buffer.byteLength(withoutAttributes(marked.slice(from, at)))
    known.set(at, bytes)
    return bytes
  }
}
