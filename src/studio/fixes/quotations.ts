import { citationsOf } from '../../brief/citations.ts'
import type { Finding } from '../../core/finding.ts'
import { cutQuotation } from '../../sources/cut.ts'
import type { SnapshotText } from '../../desk/snapshot-text.ts'
import { quoteCitation } from '../stored-copy.ts'
import { splice } from '../text-edit.ts'
import { citationPlace } from './cite.ts'
import { replacing, type FixWorld, type Proposal } from './fix.ts'
import { setScalar } from './ledger-edit.ts'
import { citationAt, entryAt, sentenceAt, stretchAt, type Stretch } from './places.ts'

/** Puts the source’s exact words in the place of ours (DC301). */
export function quoteFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const { file } = finding
  const text = world.text(file)
  const named = /^The stored copy of “(.+?)” does not hold the words “/u.exec(finding.message)?.[1]
  if (text === null || named === undefined) return []
  const label = 'Write the source’s exact words'
  const quoted = quotedAt(finding, text, world)
  if (quoted === null) return ledgerQuote(finding, text, label, world)
  const snapshots = sourcesOf(finding, world, named)
  const theirs = snapshots.flatMap(({ snapshot }) => exactWords(snapshot, quoted.words) ?? [])[0]
  if (theirs === undefined) return []
  const insert = quoted.isCited ? inBrackets(theirs, snapshots[0]) : theirs
  return insert === null ? [] : [replacing(file, label, text, [{ ...quoted.stretch, insert }], 'words')]
}

/** Cuts one quotation into two at its ellipsis (DC302). */
export function ellipsisFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const text = world.text(finding.file)
  const quoted = text === null ? null : quotedAt(finding, text, world)
  if (text === null || quoted === null || !finding.message.includes('joins passages')) return []
  const raw = text.slice(quoted.stretch.from, quoted.stretch.to)
  const cuts = [...raw.matchAll(/\s*(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3})\s*/gu)]
  const [cut] = cuts
  if (cut === undefined || cuts.length > 1 || cutQuotation(quoted.words).stretches.length !== 2) return []
  const open = text.charAt(quoted.stretch.from - 1)
  const close = text.charAt(quoted.stretch.to)
  const from = quoted.stretch.from + cut.index
  const id = quoted.isCited
    ? /@([A-Za-z0-9_-]+)[^@]*$/u.exec(text.slice(0, quoted.stretch.from))?.[1]
    : undefined
  if (quoted.isCited && id === undefined) return []
  const insert = quoted.isCited ? `${close}; @${id}, ${open}` : `${close} … ${open}`
  const edit = { from, to: from + cut[0].length, insert }
  return [replacing(finding.file, 'Make two quotations of it', text, [edit], 'two')]
}

/** Puts copied words between quotation marks, and cites whose they are (DC303). */
export function copyFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const { file } = finding
  const [text, desk] = [world.text(file), world.desk(file)]
  const id = /\(“([^“”]+)”\) as they are here\.$/u.exec(finding.message)?.[1]
  const stretch = text === null ? null : stretchAt(text, finding)
  const found = desk === null ? null : sentenceAt(desk, finding)
  if (text === null || desk === null || stretch === null || found === null || id === undefined) return []
  // Marks within would pair with ours.
  if (/[“”„"«»\n]/u.test(text.slice(stretch.from, stretch.to))) return []
  const isCited = found.sentence.citations.some(({ items }) => items.some((item) => item.id === id))
  const at = citationPlace(text, desk, found.sentence)
  const label = isCited ? 'Put these words in quotation marks' : 'Quote these words and cite their source'
  const marks = [
    { from: stretch.from, to: stretch.from, insert: '“' },
    { from: stretch.to, to: stretch.to, insert: '”' },
  ]
  if (isCited) return [replacing(file, label, text, marks, 'marks')]
  if (at === null) return []
  return [replacing(file, label, text, [...marks, { from: at, to: at, insert: ` [@${id}]` }], 'marks')]
}

interface QuotedAt {
  /** Of the words between their marks. */
  readonly stretch: Stretch
  readonly words: string
  /** Within the brackets of a citation. */
  readonly isCited: boolean
}

/** The words that a finding is about, in a citation or in a sentence; null where they cannot be told from the rest. */
function quotedAt(finding: Finding, text: string, world: FixWorld): QuotedAt | null {
  const desk = world.desk(finding.file)
  const stretch = stretchAt(text, finding)
  if (desk === null || stretch === null) return null
  const citation = citationAt(desk.root, finding)
  const raw = text.slice(stretch.from, stretch.to)
  if (citation === null) return { stretch, words: raw.replace(/\s+/gu, ' '), isCited: false }
  const fits = (quote: string | null): quote is string => quote !== null && isAbout(finding, quote)
  const quote = citation.items.map((item) => item.quote).find(fits)
  if (quote === undefined) return null
  const start = raw.indexOf(quote)
  // Written with escapes, or over two lines: the marks tell where it stands when there is but one pair.
  const only = /^\[[^"“”]*["“]([^"“”]*)["”][^"“”]*\]/u.exec(raw)
  const [from, length] =
    start !== -1
      ? [start, quote.length]
      : only?.[1] === undefined
        ? [-1, 0]
        : [raw.indexOf(only[1]), only[1].length]
  if (from === -1) return null
  return {
    stretch: { from: stretch.from + from, to: stretch.from + from + length },
    words: quote,
    isCited: true,
  }
}

/** DC301 says the words, DC302 that they are joined by an ellipsis. */
function isAbout({ message }: Finding, quote: string): boolean {
  return message.includes('does not hold the words')
    ? message.includes(quote.slice(0, 100).trimEnd())
    : /…|\.{3}/u.test(quote)
}

interface NamedCopy {
  readonly id: string
  readonly snapshot: SnapshotText
}

function sourcesOf(finding: Finding, world: FixWorld, first: string): readonly NamedCopy[] {
  const desk = world.desk(finding.file)
  const found = desk === null ? null : sentenceAt(desk, finding)
  const cited = found?.sentence.citations ?? (desk === null ? [] : citationsOf(desk.root))
  const ids = new Set([
    first,
    ...cited.flatMap(({ items }) => items.flatMap(({ id, via }) => [id, via ?? id])),
  ])
  return [...ids].flatMap((id) => {
    const source = world.checked.issue?.ledger.get(id)
    const snapshot = source === undefined ? null : world.snapshot(source)
    return snapshot === null ? [] : [{ id, snapshot }]
  })
}

/** The passage of a copy most like `words`, as it stands there and without marks of its own; null: none is like them. */
function exactWords(snapshot: SnapshotText, words: string): string | null {
  const near = snapshot.match(words).suggestion
  if (near === undefined) return null
  const stretches = near.split(/[“”„«»"]/u).map((each) => each.replace(/^[\s,;]+|[\s,;]+$/gu, ''))
  const longest = stretches.toSorted((a, b) => b.length - a.length)[0] ?? ''
  // The comma before “he said” is ours.
  const closed = longest + (/[,.]$/u.exec(words)?.[0] ?? '')
  return longest === '' ? null : ([closed, longest].find((each) => snapshot.match(each).found) ?? null)
}

/** Words as they stand between the marks of a citation; null where they cannot. */
function inBrackets(words: string, copy: NamedCopy | undefined): string | null {
  if (copy === undefined) return null
  const { citation } = quoteCitation(copy.id, words, copy.snapshot.text)
  return citation === null ? null : (/^\[@[^,]+, ["“]([^]*)["”]\]$/u.exec(citation)?.[1] ?? null)
}

/** The same for a passage that the ledger offers. */
function ledgerQuote(finding: Finding, text: string, label: string, world: FixWorld): readonly Proposal[] {
  const source = entryAt(world, finding)
  const snapshot = source === null ? null : world.snapshot(source)
  if (source === null || snapshot === null) return []
  const at = source.quotes.findIndex((quote) => isAbout(finding, quote) && !snapshot.match(quote).found)
  const theirs = at === -1 ? null : exactWords(snapshot, source.quotes[at] ?? '')
  if (theirs === null) return []
  const edit = setScalar(finding.file, text, source.id, ['quotes', at], theirs)
  if (edit === null) return []
  return [{ id: 'words', label, asks: null, file: finding.file, write: () => splice(text, [edit]) }]
}
