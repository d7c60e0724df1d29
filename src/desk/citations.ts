import { citationsOf } from '../brief/citations.ts'
import type { Citation } from '../brief/tree.ts'
import { finding, placeOf, type Finding } from '../core/finding.ts'
import { didYouMean } from '../core/nearest.ts'
import type { Ledger, Source } from '../sources/source.ts'
import type { CheckedIssue } from './checked-issue.ts'

/** DC101, DC102, and DC103 for a source that has no address and needs one. */
export function checkCitations(loaded: CheckedIssue): Finding[] {
  const { issue } = loaded
  if (issue === null) return []
  const texts = [
    { file: issue.file, root: issue.note },
    ...issue.briefs.map((brief) => ({ file: brief.file, root: brief.body })),
  ]
  const findings: Finding[] = []
  const cited = new Set<string>()
  const direct = new Set<string>()
  const briefFiles = new Set(issue.briefs.map((brief) => brief.file))
  for (const { file, root } of texts) {
    for (const citation of citationsOf(root)) {
      for (const { id, via } of citation.items) {
        cited.add(id)
        direct.add(via ?? id)
        if (via !== null) cited.add(via)
      }
      findings.push(...unknownKeys(file, citation, issue.ledger, briefFiles))
    }
  }
  for (const source of issue.ledger.values()) {
    if (!cited.has(source.id) && !source.consulted) findings.push(unused(source))
    const reached = cited.has(source.id) && !direct.has(source.id)
    if (source.url === null && source.access === 'online' && !reached) {
      findings.push(withoutAddress(source))
    }
  }
  return findings
}

function unknownKeys(
  file: string,
  citation: Citation,
  ledger: Ledger,
  briefFiles: ReadonlySet<string>,
): Finding[] {
  const place = placeOf(file, citation.position)
  const ids = new Set(citation.items.flatMap(({ id, via }) => (via === null ? [id] : [id, via])))
  return [...ids].flatMap((id) => {
    const source = ledger.get(id)
    if (source === undefined) {
      const hint = didYouMean(id, ledger.keys()) ?? `add “${id}” to sources.yaml`
      return [finding('DC101', place, `The ledger has no source “${id}”.`, { hint })]
    }
    const owner = source.place.file
    if (owner === file || !briefFiles.has(owner)) return []
    return [
      finding('DC101', place, `The source “${id}” is listed in ${owner} for that brief alone.`, {
        hint: 'move the entry to sources.yaml, which the issue’s briefs share',
      }),
    ]
  })
}

function unused(source: Source): Finding {
  return finding('DC102', source.place, `The source “${source.id}” is never cited.`, {
    hint: 'cite it, remove it, or write “consulted: true” if it was read',
  })
}

function withoutAddress(source: Source): Finding {
  return finding('DC103', source.place, `The source “${source.id}” has no url.`, {
    hint: 'add its address, or “access: offline” for a document without one',
  })
}
