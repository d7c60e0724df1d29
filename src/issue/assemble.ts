import type { Root } from 'mdast'
import type { Brief, IssueMeta } from '../brief/brief.ts'
import type { Finding } from '../core/finding.ts'
import type { Publication } from '../core/publication.ts'
import { numberSources } from '../sources/numbering.ts'
import type { Ledger } from '../sources/source.ts'
import type { PublicationFiles } from './files.ts'
import type { ImageCache } from './image-cache.ts'
import { imagePath } from './image-path.ts'
import { loadImages } from './images.ts'
import type { Issue, WrittenFile } from './issue.ts'
import type { IssueParts } from './read.ts'
import type { StoredCopies } from './stored-copies.ts'

/** The issue of `parts`, numbered and with its images, or null where there is nothing to show. */
export async function assemble(
  id: string,
  parts: IssueParts,
  ledger: Ledger,
  stored: StoredCopies,
  publication: Publication,
  files: PublicationFiles,
  cache: ImageCache | null,
  findings: Finding[],
): Promise<Issue | null> {
  const { file, briefs } = parts
  const note: Root = parts.issueFile?.note ?? { type: 'root', children: [] }
  const meta = parts.issueFile?.meta ?? standIn(id, briefs, publication)
  if (meta === null) return null
  const { logo } = publication.theme
  const images = await loadImages(files, cache, { file, note, briefs, logo })
  // An image that is an address on the web was reported by `brief/` already.
  findings.push(...images.findings.filter((each) => !findings.some((known) => isSame(each, known))))
  const newsletter = Object.hasOwn(publication.newsletters, meta.newsletter)
    ? publication.newsletters[meta.newsletter]
    : undefined
  return {
    id,
    file,
    meta,
    lang: meta.lang ?? newsletter?.lang ?? publication.lang,
    template: meta.template ?? newsletter?.template ?? 'weekly',
    note,
    briefs,
    written: writtenFiles(parts),
    ledger,
    numbers: numberSources([note, ...briefs.map((brief) => brief.body)], ledger),
    stored,
    logo: logo === undefined ? null : imagePath('.', logo),
    images: images.value,
  }
}

/** An issue in one file is one file. */
function writtenFiles({ issueFile, briefs }: IssueParts): WrittenFile[] {
  const all = [...(issueFile === null ? [] : [issueFile]), ...briefs]
  return [
    ...new Map(
      all.map(({ file, front, markdown }) => [file, { file, front: front.value, markdown }]),
    ).values(),
  ]
}

/** What a preview shows of briefs whose `issue.md` cannot be read; its findings block anything more. */
function standIn(id: string, briefs: readonly Brief[], publication: Publication): IssueMeta | null {
  const first = briefs[0]
  if (first === undefined) return null
  return {
    subject: first.meta.title,
    preheader: first.meta.standfirst,
    newsletter: Object.keys(publication.newsletters)[0] ?? id,
    template: null,
    date: first.meta.date,
    status: 'draft',
    briefs: null,
    lang: null,
  }
}

function isSame(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && a.file === b.file && a.line === b.line && a.column === b.column
}
