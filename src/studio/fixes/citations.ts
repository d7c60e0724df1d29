import type { Citation } from '../../brief/tree.ts'
import type { Finding } from '../../core/finding.ts'
import { nearest } from '../../core/nearest.ts'
import { replacing, type FixWorld, type Proposal } from './fix.ts'
import { citationAt, stretchAt } from './places.ts'

interface Cited {
  readonly text: string
  readonly from: number
  readonly to: number
  /** As it is written. */
  readonly raw: string
  readonly citation: Citation
}

function cited(finding: Finding, world: FixWorld): Cited | null {
  const [text, desk] = [world.text(finding.file), world.desk(finding.file)]
  const citation = desk === null ? null : citationAt(desk.root, finding)
  const stretch = text === null ? null : stretchAt(text, finding)
  if (text === null || citation === null || stretch === null) return null
  return { ...stretch, text, citation, raw: text.slice(stretch.from, stretch.to) }
}

/** Writes the id that was meant (DC101). */
export function unknownKeyFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const found = cited(finding, world)
  const id = /^The ledger has no source “(.+)”\.$/u.exec(finding.message)?.[1]
  const { ledger } = world.checked.issue ?? {}
  if (found === null || id === undefined || ledger === undefined) return []
  const written = [...found.raw.matchAll(new RegExp(`@${id}(?![A-Za-z0-9_]|-[A-Za-z0-9])`, 'gu'))]
  const write = (meant: string): Proposal =>
    replacing(
      finding.file,
      `Write “${meant}”`,
      found.text,
      written.map(({ index }) => ({
        from: found.from + index + 1,
        to: found.from + index + 1 + id.length,
        insert: meant,
      })),
      'spelling',
    )
  const near = nearest(id, ledger.keys())
  const choose: Proposal = {
    ...{ id: 'cite', label: 'Cite another source', asks: 'source', file: finding.file },
    write: (chosen) => (ledger.has(chosen) ? write(chosen).write('') : null),
  }
  return written.length === 0 ? [] : [...(near === null ? [] : [write(near)]), choose]
}

/** Cites the origin through its relay (DC404). */
export function secondHandFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const found = cited(finding, world)
  const [, id, origin] = /^“(.+)” relays “(.+)”, which the ledger lists\.$/u.exec(finding.message) ?? []
  if (found === null || id === undefined || origin === undefined || found.citation.narrative) return []
  // A relay has neither a place nor words of its own.
  const item = found.citation.items.find((each) => each.id === id)
  const at = found.raw.search(new RegExp(`@${id}(?![A-Za-z0-9_-])`, 'u'))
  if (at === -1 || item === undefined || item.locator !== null || item.quote !== null) return []
  const from = found.from + at
  const label = `Cite “${origin}” through “${id}”`
  const insert = `@${origin}; via @${id}`
  return [replacing(finding.file, label, found.text, [{ from, to: from + id.length + 1, insert }], 'origin')]
}

/** Says that a citation covers its paragraph (DC204). */
export function adriftFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const found = cited(finding, world)
  if (found === null) return []
  const hasMarks = found.raw.endsWith('}')
  const at = hasMarks ? found.to - 1 : found.to
  const insert = hasMarks ? ' scope=para' : ' {scope=para}'
  const label = 'Let the citation cover the whole paragraph'
  return [replacing(finding.file, label, found.text, [{ from: at, to: at, insert }], 'scope')]
}

/** Puts the sign before an id that lacks it (DC810). */
export function citationSyntaxFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const text = world.text(finding.file)
  const stretch = text === null ? null : stretchAt(text, finding)
  const written = /“([a-z0-9-]+)” is no source’s id: an id begins with “@”\.$/u.exec(finding.message)?.[1]
  const ids = world.checked.issue?.ledger.keys()
  if (text === null || stretch === null || written === undefined || ids === undefined) return []
  const known = [...ids]
  const meant = known.includes(written) ? written : nearest(written, known)
  const raw = text.slice(stretch.from, stretch.to)
  const at = raw.search(new RegExp(`(?<![@A-Za-z0-9-])${written}(?![A-Za-z0-9-])`, 'u'))
  if (meant === null || at === -1) return []
  const from = stretch.from + at
  const edit = { from, to: from + written.length, insert: `@${meant}` }
  return [replacing(finding.file, `Write “@${meant}”`, text, [edit], 'spelling')]
}
