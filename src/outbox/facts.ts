import { headersOf, type HeaderLine } from './headers.ts'
import type { MessageParts } from './parts.ts'

/** Something that can be told of a message by looking at it alone, without any server. */
export interface MessageFact {
  readonly about: 'signature' | 'unsubscribe' | 'parts' | 'sender' | 'date' | 'size'
  /** `unusual`: receivers may mind; `rehearsal`: so in mail that stays on this machine, and in no other. */
  readonly state: 'good' | 'unusual' | 'missing' | 'rehearsal'
  readonly sentence: string
}

/** Gmail shows so many bytes of HTML and cuts off the rest. */
const GMAIL_CLIP = 102 * 1024

/** A link to this machine (RFC 6761, section 6.3; RFC 5735, section 3). */
const LOOPBACK = /<http:\/\/(?:localhost|[^\s/:>]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])[:/>]/i

/** What is said of any message, in this order. */
export function factsOf(
  headers: readonly HeaderLine[],
  { html, text }: Pick<MessageParts, 'html' | 'text'>,
  bytes: number,
): readonly MessageFact[] {
  return [
    signature(headers),
    unsubscribe(headers),
    parts(headers, html, text),
    sender(headers),
    date(headers),
    size(html, bytes),
  ]
}

function signature(headers: readonly HeaderLine[]): MessageFact {
  const signatures = headersOf(headers, 'dkim-signature').map(tagsOf)
  const domains = signatures.map((tags) => tags.get('d') ?? '').filter((domain) => domain !== '')
  if (domains.length === 0)
    return {
      about: 'signature',
      state: 'missing',
      sentence: 'It has no DKIM signature: large providers take such mail for spam, or refuse it.',
    }
  const from = domainOf(headersOf(headers, 'from')[0] ?? '')
  const aligned = domains.some((domain) => from === domain || from.endsWith(`.${domain}`))
  const by = [...new Set(domains)].join(' and ')
  return aligned
    ? {
        about: 'signature',
        state: 'good',
        sentence: `It is signed for ${by}, the sender’s domain. Whether the signature is right is not checked here.`,
      }
    : {
        about: 'signature',
        state: 'unusual',
        sentence: `It is signed for ${by}, which is not the sender’s domain: that does not count for DMARC.`,
      }
}

/** RFC 8058 §3.1: an https link, the Post field, and a signature that covers both (§4). */
function unsubscribe(headers: readonly HeaderLine[]): MessageFact {
  const about = 'unsubscribe'
  const [list] = headersOf(headers, 'list-unsubscribe')
  if (list === undefined)
    return {
      about,
      state: 'missing',
      sentence: 'It names no way to unsubscribe: fine for a letter to one person.',
    }
  const post = headersOf(headers, 'list-unsubscribe-post')[0]?.replace(/\s/g, '').toLowerCase()
  if (!/<https:\/\/[^>]+>/i.test(list) && LOOPBACK.test(list))
    return {
      about,
      state: 'rehearsal',
      sentence:
        'Its link to unsubscribe leads to this machine and works here alone. Mail programs show a button once the site has an https address: set BASE_URL before a real send.',
    }
  if (!/<https:\/\/[^>]+>/i.test(list))
    return {
      about,
      state: 'unusual',
      sentence: 'The way to unsubscribe is no https link: no button is shown for it.',
    }
  if (post !== 'list-unsubscribe=one-click')
    return {
      about,
      state: 'unusual',
      sentence: 'It has a link to unsubscribe, but does not say that one click is enough (RFC 8058).',
    }
  const covered = headersOf(headers, 'dkim-signature')
    .map((value) =>
      (tagsOf(value).get('h') ?? '')
        .toLowerCase()
        .split(':')
        .map((name) => name.trim()),
    )
    .some((names) => names.includes('list-unsubscribe') && names.includes('list-unsubscribe-post'))
  return covered
    ? { about, state: 'good', sentence: 'One click unsubscribes, and the signature covers it (RFC 8058).' }
    : {
        about,
        state: 'unusual',
        sentence: 'One click unsubscribes, but no signature covers it: providers show no button (RFC 8058).',
      }
}

function parts(headers: readonly HeaderLine[], html: string | null, text: string | null): MessageFact {
  const about = 'parts'
  const type = (headersOf(headers, 'content-type')[0] ?? 'text/plain').toLowerCase()
  if (html !== null && type.startsWith('text/html'))
    return {
      about,
      state: 'unusual',
      sentence: 'It has HTML alone: who reads plain text sees nothing, and filters mind.',
    }
  if (html !== null && text !== null) return { about, state: 'good', sentence: 'It has HTML and plain text.' }
  if (text !== null) return { about, state: 'good', sentence: 'It is plain text.' }
  return html === null
    ? { about, state: 'missing', sentence: 'It has no words of its own.' }
    : {
        about,
        state: 'unusual',
        sentence: 'It has HTML alone: who reads plain text sees nothing, and filters mind.',
      }
}

function sender(headers: readonly HeaderLine[]): MessageFact {
  const about = 'sender'
  const from = headersOf(headers, 'from')
  if (from.length === 0)
    return { about, state: 'missing', sentence: 'It names no sender: no server takes it.' }
  return from.length === 1
    ? { about, state: 'good', sentence: 'It names one sender.' }
    : { about, state: 'unusual', sentence: 'It names its sender more than once: most servers refuse it.' }
}

function date(headers: readonly HeaderLine[]): MessageFact {
  const about = 'date'
  const [value] = headersOf(headers, 'date')
  if (value === undefined) return { about, state: 'missing', sentence: 'It has no date.' }
  return Number.isNaN(Date.parse(value))
    ? { about, state: 'unusual', sentence: 'Its date cannot be read.' }
    : { about, state: 'good', sentence: 'It has a date.' }
}

function size(html: string | null, bytes: number): MessageFact {
  const about = 'size'
  const length = Buffer.byteLength(html ?? '')
  const kilobytes = (count: number): string => `${Math.round(count / 1024).toLocaleString('en')} KB`
  return length > GMAIL_CLIP
    ? {
        about,
        state: 'unusual',
        sentence: `Its HTML has ${kilobytes(length)}: Gmail shows the first 102 KB.`,
      }
    : { about, state: 'good', sentence: `It has ${kilobytes(bytes)}; Gmail shows all of its HTML.` }
}

/** The tags of a DKIM signature (RFC 6376 §3.2). */
function tagsOf(value: string): ReadonlyMap<string, string> {
  return new Map(
    value.split(';').flatMap((tag) => {
      const at = tag.indexOf('=')
      return at === -1 ? [] : [[tag.slice(0, at).trim(), tag.slice(at + 1).replace(/\s/g, '')] as const]
    }),
  )
}

function domainOf(from: string): string {
  return (/@([^\s<>,;"]+)>?\s*$/.exec(from)?.[1] ?? '').toLowerCase()
}
