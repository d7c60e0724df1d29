import type { Edition } from '../../src/email/edition.ts'
import { slotMark } from '../../src/render/slots.ts'

/** An edition by hand: what every test of mail needs, without rendering anything. */
export function sampleEdition(change: Partial<Edition> = {}): Edition {
  const unsubscribe = slotMark('unsubscribeUrl')
  const address = slotMark('address')
  return {
    issue: '2025-w46',
    newsletter: 'weekly',
    tier: 'subscriber',
    lang: 'en',
    subject: 'Talks end in Istanbul — “no deal”',
    preheader: 'What each side asked for',
    date: '2025-11-12',
    mjml: '<mjml></mjml>',
    html: `<!doctype html><html lang="en"><body><h1>Überblick</h1>\n.a dot begins this line\n<p>${'Größe und Maß. '.repeat(120)}</p><p>Sent to ${address}. <a href="${unsubscribe}">Leave</a></p></body></html>`,
    text: `Überblick\n\n.a dot begins this line\nFrom here on\n[1] Reuters\n    https://reuters.example/${'long/'.repeat(30)}\n\nSent to ${address}. Leave: ${unsubscribe}\n`,
    web: '<!doctype html><title>web</title>',
    sources: {
      version: 1,
      issue: '2025-w46',
      tier: 'subscriber',
      count: { total: 0, linked: 0, unlockedBySubscribing: 0 },
      sources: [],
      waivers: [],
      sourcing: {
        cited: 0,
        consulted: 0,
        kinds: [],
        primary: 0,
        voices: 0,
        snapshots: 0,
        keyClaims: 0,
        singleVoice: [],
        unnamed: [],
        corrections: [],
      },
    },
    envelope: {
      from: { name: 'Jörg & die Redaktion, Berlin', address: 'desk@brief.test' },
      replyTo: 'letters@brief.test',
      listId: { name: 'The Weekly "Brief"', id: 'weekly.brief.test' },
      baseUrl: 'https://brief.test',
    },
    images: [],
    hash: 'a'.repeat(64),
    bytes: { html: 0, text: 0, message: 0 },
    ...change,
  }
}
