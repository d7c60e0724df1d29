import { createHash } from 'node:crypto'
import type { Publication } from '../core/publication.ts'
import type { ProjectedIssue } from '../issue/issue.ts'
import type { SourcesDocument } from '../issue/sources-document.ts'
import type { Rendered } from '../render/rendered.ts'
import { openComposer } from './composer.ts'
import type { Edition, EditionEnvelope, Recipient } from './edition.ts'
import { personalise } from './personalise.ts'
import { compileWire } from './compile-wire.ts'

/** What an edition needs beside the rendered issue. */
export interface CompileOptions {
  readonly publication: Publication
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  readonly sources: SourcesDocument
}

/** An edition: what was rendered for one tier, its headers, its hash and its sizes after merging. */
export async function compileEdition(
  rendered: Rendered,
  projected: ProjectedIssue,
  options: CompileOptions,
): Promise<Edition> {
  const compilable = {
    issue: projected.id,
    newsletter: projected.meta.newsletter,
    tier: projected.tier,
    lang: projected.lang,
    subject: projected.meta.subject,
    preheader: projected.meta.preheader,
    date: projected.meta.date,
    mjml: rendered.mjml,
    html: rendered.html,
    text: rendered.text,
    web: rendered.web,
    page: rendered.page,
    sources: options.sources,
    envelope: envelopeOf(projected.meta.newsletter, options),
    images: [...new Set([...projected.images.values()].map((image) => image.name))].toSorted(),
  }
  const content = { ...compilable, wire: compileWire(compilable) }
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  const unmeasured = { ...content, hash, bytes: { html: 0, text: 0, message: 0 } }
  const sample = sampleRecipient(unmeasured)
  const parts = personalise(unmeasured, sample)
  return {
    ...unmeasured,
    bytes: {
      html: Buffer.byteLength(parts.html),
      text: Buffer.byteLength(parts.text),
      message: (await openComposer(unmeasured, null).compose(sample)).length,
    },
  }
}

/** A reader with a rather long address and a long link that does no harm, by whom an edition is measured and shown. */
export function sampleRecipient(
  edition: Pick<Edition, 'hash' | 'date'> & { readonly envelope: Pick<EditionEnvelope, 'baseUrl'> },
): Recipient {
  return {
    address: 'a.reader.of.ours@example.org',
    name: null,
    messageId: `<${edition.hash.slice(0, 32)}@example.org>`,
    date: Date.parse(`${edition.date}T00:00:00Z`) || 0,
    unsubscribeUrl: `${edition.envelope.baseUrl}/u/test?sample=${edition.hash}`,
    subjectPrefix: '',
  }
}

function envelopeOf(key: string, { publication, baseUrl }: CompileOptions): EditionEnvelope {
  const newsletter = publication.newsletters[key]
  const host = new URL(publication.url).hostname
  return {
    from: publication.from,
    replyTo: publication.replyTo ?? null,
    listId: { name: newsletter?.name ?? publication.name, id: newsletter?.listId ?? `${key}.${host}` },
    baseUrl,
  }
}
