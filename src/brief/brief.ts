import type { Root } from 'mdast'
import type { Place } from '../core/finding.ts'
import type { Tier } from '../core/tier.ts'
import type { Yaml } from '../core/yaml.ts'

/** One Markdown file: an article with frontmatter, citations and directives. */
export interface Brief {
  /** The file's name without `.md`: `istanbul-talks`. Unique within its issue. */
  readonly id: string
  /** Path relative to the publication: `briefs/2025-w46/istanbul-talks.md`. */
  readonly file: string
  readonly meta: BriefMeta
  /** Positions are those of the file, frontmatter included. */
  readonly body: Root
  /** The frontmatter with the place of every value; `sources/` reads its `sources:` from here. */
  readonly front: Yaml
  /** The Markdown as written, without the frontmatter; lines end with a line feed. */
  readonly markdown: string
}

export interface BriefMeta {
  readonly title: string
  readonly standfirst: string
  /** EDTF. */
  readonly date: string
  readonly authors: readonly string[]
  readonly tags: readonly string[]
  /** Who may read the whole brief. */
  readonly access: Tier
  /** Position among the issue's briefs where issue.md does not list them; null sorts last. */
  readonly order: number | null
  readonly image: BriefImage | null
  readonly waivers: readonly Waiver[]
  readonly corrections: readonly DatedCorrection[]
}

export interface BriefImage {
  /** As written, relative to the brief's folder. */
  readonly src: string
  readonly alt: string
  readonly credit: string | null
}

export interface DatedCorrection {
  /** EDTF. */
  readonly date: string
  readonly text: string
}

/** An editor's reasoned exception to a finding. */
export interface Waiver {
  readonly rule: string
  /** The id of a claim or a source, or null: all that the waiver's place covers. */
  readonly on: string | null
  readonly reason: string
  /** Where the waiver is written. */
  readonly place: Place
  /** The stretch of lines it covers, or null: the whole file. */
  readonly covers: { readonly fromLine: number; readonly toLine: number } | null
}

/** The frontmatter of `issue.md` or of a single-file issue, and the editor's opening note. */
export interface IssueFile {
  /** The folder's name, or the file's name without `.md`. */
  readonly id: string
  readonly file: string
  readonly meta: IssueMeta
  readonly note: Root
  /** The frontmatter with the place of every value; `issue/` reports unknown names from here. */
  readonly front: Yaml
  /** As in `Brief`. */
  readonly markdown: string
}

export interface IssueMeta {
  readonly subject: string
  readonly preheader: string
  readonly newsletter: string
  /** Null: the newsletter's. */
  readonly template: string | null
  /** EDTF, a full day. */
  readonly date: string
  readonly status: 'draft' | 'review' | 'approved'
  /** Null: all, by `order`, then by name. */
  readonly briefs: readonly string[] | null
  readonly lang: string | null
}
