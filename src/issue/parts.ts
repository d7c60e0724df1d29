import { canonicalHash } from '../core/canonical.ts'
import type { IssuePart } from '../core/issue-part.ts'
import type { Publication } from '../core/publication.ts'
import type { Source } from '../sources/source.ts'
import type { Issue, WrittenFile } from './issue.ts'

/** What an issue is shown with. */
export interface ShownWith {
  readonly publication: Publication
  /** Where readers reach the site. */
  readonly baseUrl: string
  /** The look's name and the hash of its files. */
  readonly template: { readonly name: string; readonly hash: string }
}

/**
 * Everything that an issue's editions are made from, in parts: an approval is bound to them. `status` is no part,
 * nor is how YAML is laid out, nor an entry of the ledger that no edition shows. Whoever changes anything that a
 * reader could see changes a part.
 */
export function issueParts(issue: Issue, { publication, baseUrl, template }: ShownWith): IssuePart[] {
  const shown = shownSources(issue)
  return [
    ...issue.written.map((file) => part('file', file.file, contentOf(file))),
    ...shown.map((source) => part('source', source.id, entryOf(issue, source))),
    ...[...issue.images].map(([path, { name }]) => part('image', path, name)),
    { kind: 'look', name: template.name, hash: template.hash },
    ...Object.entries({ ...settingsOf(issue, publication), BASE_URL: baseUrl }).map(([key, value]) =>
      part('setting', key, value),
    ),
  ]
}

/** A ledger entry as an approver or a reviewer saw it: its fields, and whether its stored copy is at hand. */
export function entryOf({ stored }: Pick<Issue, 'stored'>, source: Source): object {
  const { place: _, ...entry } = source
  return { ...entry, capturedAt: stored.capturedAt(source) }
}

function part(kind: IssuePart['kind'], name: string, value: unknown): IssuePart {
  return { kind, name, hash: canonicalHash(value ?? null) }
}

/** The entries of a brief's own ledger are parts by themselves. */
function contentOf({ front, markdown }: WrittenFile): object {
  const { status: _, sources: __, ...rest } = Object(front)
  return { front: rest, markdown: markdown.trimEnd() }
}

/** Those cited or consulted, and those that they relay, by which voices are counted. */
function shownSources({ ledger, numbers }: Issue): readonly Source[] {
  const shown = new Map<string, Source>()
  const show = (source: Source | undefined): void => {
    if (source === undefined || shown.has(source.id)) return
    shown.set(source.id, source)
    if (source.origin !== null) show(ledger.get(source.origin))
  }
  for (const source of ledger.values()) if (source.consulted || numbers.has(source.id)) show(source)
  return [...shown.values()]
}

/** What of `onrecord.yaml` reaches a reader's mail; the desk's own settings do not. */
function settingsOf({ meta }: Issue, publication: Publication): Readonly<Record<string, unknown>> {
  const { name, url, from, replyTo, postalAddress, timeZone, lang, tiers, theme, newsletters } = publication
  const own = Object.hasOwn(newsletters, meta.newsletter) ? newsletters[meta.newsletter] : undefined
  const { consent: _, cadence: __, ...newsletter } = own ?? {}
  return {
    ...{ name, url, from, replyTo, postalAddress, timeZone, lang, tiers, theme },
    [`newsletters.${meta.newsletter}`]: newsletter,
  }
}
