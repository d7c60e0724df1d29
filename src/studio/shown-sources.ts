import { citationsOf } from '../brief/citations.ts'
import type { Root } from 'mdast'
import { mergeLedgers, parseBriefSources } from '../sources/ledger.ts'
import { numberSources } from '../sources/numbering.ts'
import type { Ledger, Source } from '../sources/source.ts'
import { openFiles } from '../issue/files.ts'
import type { ParseCache } from '../issue/parse-cache.ts'
import { readFolder, readSingle } from '../issue/read.ts'
import type { ShownSource, SourceList } from './contract/sources.ts'
import type { TextPlace } from './contract/finding.ts'
import { sentenceOf } from './frontmatter-form.ts'

/** The sources of an issue, as the ledger has them and as the page shows them. */
export interface IssueSources extends SourceList {
  readonly entries: Ledger
}

/** Reads the ledger of an issue, and where its texts cite it; unlike a build, it reads no picture and judges nothing. */
export async function readSources(root: string, id: string, parsed: ParseCache): Promise<IssueSources> {
  const files = await openFiles(root)
  const names = await files.list(`briefs/${id}`)
  const isFolder = names.includes('issue.md')
  const parts = isFolder ? await readFolder(files, id, names, parsed) : await readSingle(files, id, parsed)
  const own = parts.briefs.map((brief) => parseBriefSources(brief).value ?? new Map<string, Source>())
  const { ledger: entries } = mergeLedgers([parts.ledger, ...own])
  const texts: readonly { readonly file: string; readonly root: Root }[] = [
    ...(parts.issueFile === null ? [] : [{ file: parts.file, root: parts.issueFile.note }]),
    ...parts.briefs.map(({ file, body }) => ({ file, root: body })),
  ]
  const numbers = numberSources(
    texts.map((each) => each.root),
    entries,
  )
  const cited = citedAt(texts)
  const ledger = isFolder ? `briefs/${id}/sources.yaml` : `briefs/${id}.md`
  const trouble =
    entries.size > 0
      ? undefined
      : parts.findings.find(
          ({ file, rule }) => file === ledger && isFolder && (rule === 'DC801' || rule === 'DC815'),
        )
  return {
    ledger,
    entries,
    problem: trouble === undefined ? null : `${sentenceOf(trouble)} (Line ${trouble.line})`,
    sources: [...entries.values()].map((source) =>
      shown(source, numbers.get(source.id) ?? null, cited.get(source.id) ?? []),
    ),
  }
}

/** An entry as the page shows it. */
export function shown(source: Source, number: number | null, cited: readonly TextPlace[]): ShownSource {
  const { id, title, publisher, author, url, kind, published, accessed, quotes, snapshot, place } = source
  const { file, line, column } = place
  return {
    ...{ id, number, title, publisher, author, url, kind, published, accessed, quotes, cited },
    snapshot: snapshot !== null,
    place: { file, line, column },
  }
}

function citedAt(
  texts: readonly { readonly file: string; readonly root: Root }[],
): ReadonlyMap<string, TextPlace[]> {
  const places = new Map<string, TextPlace[]>()
  for (const { file, root } of texts) {
    for (const { items, position } of citationsOf(root)) {
      const { line = 1, column = 1 } = position?.start ?? {}
      for (const id of new Set(
        items.flatMap((item) => [item.id, ...(item.via === null ? [] : [item.via])]),
      )) {
        places.set(id, [...(places.get(id) ?? []), { file, line, column }])
      }
    }
  }
  return places
}
