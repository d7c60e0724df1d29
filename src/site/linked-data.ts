import { embedded, type Json } from '../render/linked-data.ts'
import type { PageDocument, PageSource } from '../render/page-document.ts'
import type { ArchivedCorrection } from '../delivery/archive.ts'
import type { SiteDeps } from './deps.ts'
import { briefPath, issuePath } from './paths.ts'

type About = Pick<SiteDeps, 'publication' | 'baseUrl'>
type Node = Readonly<Record<string, Json>>

/** The publisher with its policies (schema.org NewsMediaOrganization), and the site with its search. */
export function publicationData({ publication, baseUrl }: About): string {
  const { name, lang, theme } = publication
  return graph(publisher({ publication, baseUrl }), {
    '@type': 'WebSite',
    '@id': `${baseUrl}/#site`,
    url: `${baseUrl}/`,
    name,
    ...(theme.tagline === undefined ? {} : { description: theme.tagline }),
    inLanguage: lang,
    publisher: { '@id': `${baseUrl}/#publisher` },
    potentialAction: {
      '@type': 'SearchAction',
      target: { '@type': 'EntryPoint', urlTemplate: `${baseUrl}/search?q={words}` },
      'query-input': 'required name=words',
    },
  })
}

/** One brief's article and the works that it cites, of what the issue's page says; its address is its own page. */
export function briefData(
  document: PageDocument,
  brief: string,
  { baseUrl }: Pick<About, 'baseUrl'>,
): string {
  const nodes = nodesOf(document)
  const article = nodeAt(document, nodes, `b-${brief}`)
  const url = baseUrl + briefPath(document.issue.id, brief)
  const named = new Set(
    ['citation', 'isBasedOn'].flatMap((name) => listOf(article?.[name]).map((node) => node['@id'])),
  )
  return graph(
    ...nodes.filter((node) => node['@type'] === 'NewsMediaOrganization'),
    ...(article === undefined ? [] : [{ ...article, url, mainEntityOfPage: url }]),
    ...nodes.filter((node) => named.has(node['@id'] ?? null)),
  )
}

/** A page about one source: the work, as the issue's page of this tier describes it. */
export function sourceData(
  document: PageDocument,
  source: Pick<PageSource, 'id' | 'number' | 'title'>,
  path: string,
  { baseUrl }: Pick<About, 'baseUrl'>,
): string {
  const anchor = source.number === null ? `source-${source.id}` : `s${source.number}`
  const work = nodeAt(document, nodesOf(document), anchor)
  const url = baseUrl + path
  const page = { '@type': 'WebPage', '@id': url, url, name: source.title }
  return work === undefined
    ? graph(page)
    : graph({ ...page, mainEntity: { '@id': work['@id'] ?? url } }, work)
}

/** The page of corrections: each with what it corrects. */
export function correctionsData(
  corrections: readonly (ArchivedCorrection & { readonly href: string })[],
  { publication, baseUrl }: About,
): string {
  const url = `${baseUrl}/corrections`
  return graph(publisher({ publication, baseUrl }), {
    '@type': 'CollectionPage',
    '@id': url,
    url,
    name: 'Corrections',
    publisher: { '@id': `${baseUrl}/#publisher` },
    hasPart: corrections.map(({ title, day, words, href }) => ({
      '@type': 'NewsArticle',
      headline: title,
      url: baseUrl + href,
      correction: { '@type': 'CorrectionComment', text: words, datePublished: day },
    })),
  })
}

/** The page “How we source”. */
export function sourcingData(about: About): string {
  const url = `${about.baseUrl}/how-we-source`
  return graph(publisher(about), {
    '@type': 'AboutPage',
    '@id': url,
    url,
    name: 'How we source',
    about: { '@id': `${about.baseUrl}/#publisher` },
  })
}

function publisher({ publication, baseUrl }: About): Node {
  const { corrections, unnamedSources, funding } = publication.policies
  const page = `${baseUrl}/how-we-source`
  return {
    '@type': 'NewsMediaOrganization',
    '@id': `${baseUrl}/#publisher`,
    name: publication.name,
    url: `${baseUrl}/`,
    publishingPrinciples: page,
    ...(corrections === undefined ? {} : { correctionsPolicy: `${baseUrl}/corrections` }),
    ...(unnamedSources === undefined ? {} : { unnamedSourcesPolicy: `${page}#unnamed-sources` }),
    ...(funding === undefined ? {} : { ownershipFundingInfo: `${page}#funding` }),
  }
}

/** By the end of its id: it begins with the address that the site had when it was frozen. */
function nodeAt(document: PageDocument, nodes: readonly Node[], anchor: string): Node | undefined {
  const end = `${issuePath(document.issue.id)}#${anchor}`
  return nodes.find((node) => String(node['@id']).endsWith(end))
}

/** What `linkedData` of src/render wrote into the document. */
function nodesOf({ linkedData }: PageDocument): readonly Node[] {
  const data = JSON.parse(linkedData === '' ? '{}' : linkedData) as { readonly '@graph'?: readonly Node[] }
  return data['@graph'] ?? []
}

function listOf(value: Json | undefined): readonly Node[] {
  return Array.isArray(value) ? (value as readonly Node[]) : []
}

function graph(...nodes: readonly Node[]): string {
  return embedded({ '@context': 'https://schema.org', '@graph': nodes })
}
