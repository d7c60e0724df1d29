import type { Nodes } from 'mdast'
import { citationsOf } from '../brief/citations.ts'
import type { ProjectedBrief, ProjectedIssue, ProjectedSource } from '../issue/issue.ts'
import { imagePath } from '../issue/image-path.ts'
import { isBody } from './author.ts'
import { safeHref } from './escape.ts'
import type { ViewInput } from './view-input.ts'

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * The page as a graph of schema.org, for a `<script type="application/ld+json">`: the issue, a
 * `NewsArticle` a brief with what it cites, what its key claims are based on and its corrections, and the
 * sources. Made from the projection: a source that the tier may not follow has no `url`. Every sign that
 * HTML or a script could end at is escaped (JSON, RFC 8259 §7).
 */
export function linkedData(input: ViewInput): string {
  const { issue, publication, baseUrl } = input
  const page = `${baseUrl}/issues/${encodeURIComponent(issue.id)}`
  const publisher = { '@id': `${baseUrl}/#publisher` }
  const graph = [
    { '@type': 'NewsMediaOrganization', ...publisher, name: publication.name, url: `${baseUrl}/` },
    {
      '@type': 'PublicationIssue',
      '@id': page,
      name: issue.meta.subject,
      description: issue.meta.preheader,
      url: page,
      ...dated('datePublished', issue.meta.date),
      inLanguage: issue.lang,
      publisher,
      hasPart: issue.briefs.map((brief) => ({ '@id': idOf(page, brief) })),
    },
    ...issue.briefs.map((brief) => article(brief, input, page)),
    ...issue.sources.map((source) => work(source, page)),
  ]
  return embedded({ '@context': 'https://schema.org', '@graph': graph })
}

function article(brief: ProjectedBrief, { issue, publication, baseUrl }: ViewInput, page: string): Json {
  const citations = citationsOf(brief.body)
  const cited = new Set(citations.flatMap(({ marks }) => marks?.map(({ number }) => number) ?? []))
  const key = new Set(
    citations.flatMap((each) => (each.key ? (each.marks?.map(({ number }) => number) ?? []) : [])),
  )
  const image =
    brief.image === null ? undefined : issue.images.get(imagePath(brief.file, brief.image.src) ?? '')
  const publisher = { '@id': `${baseUrl}/#publisher` }
  const latest = brief.corrections
    .map(({ date }) => date)
    .toSorted()
    .at(-1)
  return {
    '@type': 'NewsArticle',
    '@id': idOf(page, brief),
    headline: brief.title,
    description: brief.standfirst,
    url: idOf(page, brief),
    ...dated('dateCreated', brief.date),
    ...dated('datePublished', issue.meta.date),
    ...dated('dateModified', latest ?? issue.meta.date),
    inLanguage: issue.lang,
    author:
      brief.authors.length > 0 ? brief.authors.map((name) => author(name, publication.name)) : publisher,
    publisher,
    isPartOf: { '@id': page },
    isAccessibleForFree: brief.locked === null && !holdsTeaser(brief.body),
    ...(brief.tags.length > 0 ? { keywords: brief.tags } : {}),
    ...(image === undefined ? {} : { image: `${baseUrl}/images/${image.name}` }),
    ...listed('citation', references(cited, issue, page)),
    ...listed('isBasedOn', references(key, issue, page)),
    ...listed(
      'correction',
      brief.corrections.map(({ date, text }) => ({
        '@type': 'CorrectionComment',
        text,
        ...dated('datePublished', date),
      })),
    ),
  }
}

/** A source, under the anchor of its line in the list. */
function work(source: ProjectedSource, page: string): Json {
  const url = safeHref(source.url)
  const archivedAt = safeHref(source.archive)
  return {
    '@type': workTypes[source.kind],
    '@id': workId(source, page),
    // A title in brackets is a description, not what the page is called.
    ...(source.title.startsWith('[')
      ? { description: source.title.replace(/^\[|\]$/gu, '') }
      : { name: source.title }),
    publisher: { '@type': 'Organization', name: source.publisher },
    ...listed(
      'author',
      source.authors.map((name) => author(name, source.publisher)),
    ),
    ...dated('datePublished', source.published),
    ...(source.lang === null ? {} : { inLanguage: source.lang }),
    ...(url === null ? {} : { url }),
    ...(archivedAt === null ? {} : { archivedAt }),
  }
}

const workTypes: Readonly<Record<ProjectedSource['kind'], string>> = {
  official: 'CreativeWork',
  un: 'Report',
  wire: 'NewsArticle',
  newspaper: 'NewsArticle',
  broadcaster: 'NewsArticle',
  thinktank: 'Report',
  paper: 'ScholarlyArticle',
  dataset: 'Dataset',
  interview: 'CreativeWork',
  social: 'SocialMediaPosting',
  reference: 'CreativeWork',
}

function references(numbers: ReadonlySet<number>, issue: ProjectedIssue, page: string): Json[] {
  return issue.sources
    .filter(({ number }) => number !== null && numbers.has(number))
    .map((source) => ({ '@id': workId(source, page) }))
}

function workId(source: ProjectedSource, page: string): string {
  return `${page}#${source.number === null ? `source-${source.id}` : `s${source.number}`}`
}

function idOf(page: string, brief: ProjectedBrief): string {
  return `${page}#b-${brief.id}`
}

/** A desk, a newsroom or the publication itself is no person. */
function author(name: string, organisation: string): Json {
  return { '@type': isBody(name, organisation) ? 'Organization' : 'Person', name }
}

/** EDTF’s plain dates are ISO 8601; “about” is not, and is left to the page. */
function dated(property: string, date: string): { readonly [key: string]: Json } {
  return /^\d{4}(?:-\d\d(?:-\d\d)?)?$/u.test(date) ? { [property]: date } : {}
}

function listed(property: string, values: readonly Json[]): { readonly [key: string]: Json } {
  return values.length === 0 ? {} : { [property]: values }
}

function holdsTeaser(node: Nodes): boolean {
  return node.type === 'teaser' || ('children' in node && node.children.some(holdsTeaser))
}

/** JSON for a `<script>`: nothing in it ends the element (JSON, RFC 8259 §7). */
export function embedded(value: Json): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
