import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { readyIssue } from '../../src/cli/ready-issue.ts'
import { sendIssue } from '../../src/delivery/send-issue.ts'
import type { Transport } from '../../src/delivery/transport.ts'
import { fileName } from '../../src/outbox/file-name.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { parseName } from '../../src/subscribers/name.ts'
import type { BedOptions, StudioBed } from './bed.ts'
import { elsewhere, hostileWords, type HostileWords } from './hostile-words.ts'

/** So many words, from its own on, are in the headers, the text and the names of files of one mail. */
export const packed = 8

/** Issues that can be built, of which the first is sent, and one that cannot. */
export const wholes = ['harbour-0', 'harbour-1', 'harbour-2', 'harbour-3'] as const
export const [sent] = wholes
export const broken = 'quay'

/** YAML and files hold no control characters. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').trim()
/** Words as CommonMark shows them; an address would be a link, which must be a whole one. */
const shown = (text: string): string =>
  plain(text)
    .replace(/http(?=s?:)/gi, 'hxxp')
    .replace(/www(?=\.)/gi, 'vvv')
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
const front = (fields: object, body: string): string => `---\n${stringify(fields)}---\n\n${body}\n`

/** A publication, its people and its mailbox, in which every word that a stranger could have written is hostile. */
export function hostileBed(words: readonly HostileWords[] = hostileWords(40)) {
  const texts = words.map(({ text }) => text)
  const nth = (at: number): string => plain(texts[at % texts.length] ?? '') || 'x'
  const short = (at: number): string => nth(at).slice(0, 150)

  const prepare: BedOptions['prepare'] = async (dir) => {
    const put = async (path: string, content: string | Buffer): Promise<void> => {
      await mkdir(join(dir, path, '..'), { recursive: true })
      await writeFile(join(dir, path), content)
    }
    const image = await readFile(join(dir, 'briefs/2025-w46/images/istanbul-dusk.png'))
    await rm(join(dir, 'briefs'), { recursive: true })
    const settings = await readFile(join(dir, 'onrecord.yaml'), 'utf8')
    await put(
      'onrecord.yaml',
      stringify({
        ...(parse(settings) as object),
        name: short(0),
        postalAddress: short(5),
        newsletters: { weekly: { name: short(6), description: short(7) } },
        tiers: { subscriber: short(8), member: short(9) },
      }),
    )
    const sources = texts.map((_, at) => ({
      id: `s${at}`,
      title: nth(at),
      publisher: short(at + 1),
      author: [short(at + 2)],
      url: `https://source${at}.example/${encodeURIComponent(short(at + 3).slice(0, 60))}`,
      published: '2025-11-08',
      accessed: 'unknown',
      kind: 'newspaper',
      party: short(at + 4),
      origin: short(at + 5),
      quotes: [nth(at + 6).slice(0, 400)],
    }))
    const meta = { newsletter: 'weekly', date: '2025-11-14' }
    const brief = (at: number, body: string): string =>
      front(
        {
          title: short(at),
          standfirst: nth(at + 1).slice(0, 300),
          date: '2025-11-10',
          authors: [short(at + 2)],
          tags: [short(at + 3), short(at + 4)],
          image: { src: 'images/"><img src=x onerror=ran(1)>.png', alt: nth(at + 5), credit: nth(at + 6) },
        },
        body,
      )
    await put(`briefs/${sent}/images/"><img src=x onerror=ran(1)>.png`, image)
    await put(
      `briefs/${sent}/issue.md`,
      front(
        { ...meta, subject: short(1), preheader: nth(2).slice(0, 200), status: 'approved' },
        shown(nth(3)),
      ),
    )
    // All of it in one mail would be more than a mail may hold.
    for (const [at, issue] of wholes.entries()) {
      const own = texts.flatMap((text, index) =>
        index % wholes.length === at ? [`${shown(text)} [@s${index}, p. ${index}].`] : [],
      )
      const subject = { subject: short(at + 1), preheader: nth(at + 2).slice(0, 200) }
      await put(`briefs/${issue}/images/"><img src=x onerror=ran(1)>.png`, image)
      await put(
        `briefs/${issue}/issue.md`,
        front({ ...meta, ...subject, status: 'approved' }, shown(nth(at + 3))),
      )
      await put(`briefs/${issue}/brief.md`, brief(at * 7, own.join('\n\n')))
      await put(
        `briefs/${issue}/sources.yaml`,
        stringify(sources.filter((_, index) => index % wholes.length === at)),
      )
    }
    // Nothing of this one is escaped, so that the findings quote it.
    await put(
      `briefs/${broken}/issue.md`,
      front({ ...meta, subject: short(7), preheader: nth(8), status: short(9), [short(10)]: short(11) }, ''),
    )
    await put(`briefs/${broken}/raw.md`, brief(3, texts.map(plain).join('\n\n')))
    await put(
      `briefs/${broken}/front.md`,
      `---\ntitle: ${nth(12)}\n${nth(13)}: ${nth(14)}\n---\n${nth(15)}\n`,
    )
    await put(`briefs/${broken}/"><img src=x onerror=ran(2)>.md`, brief(4, nth(16)))
    await put(
      `briefs/${broken}/sources.yaml`,
      `- id: ${nth(17)}\n- ${nth(18)}\n${stringify(texts.slice(0, 20).map((text, at) => ({ id: plain(text), kind: short(at), url: nth(at) })))}`,
    )
    for (const [at, text] of texts.entries()) {
      const others = Array.from({ length: packed }, (_, next) => nth(at + next))
      await put(join('data/outbox', fileName(at + 1, `<${at}@x.example>`)), mailOf(text, others))
    }
  }

  /** People, an issue that half of them got, and a record of approvals. */
  const fill = async (bed: StudioBed): Promise<void> => {
    for (const [at, text] of texts.entries()) {
      const local = text.replace(/[^!#$%&'*+/=?^_`{|}~a-z0-9-]/gi, '').slice(0, 30)
      const address = parseAddress(`${local}${at}@people.test`)
      const name = parseName(plain(text).slice(0, 190))
      if (!address.ok || !name.ok) continue
      const person = { address: address.value, name: name.value, tier: 'member' as const, again: false }
      await bed.app.subscribers.add({ ...person, newsletter: 'weekly', source: short(at) })
    }
    await sendIssue(bed.app, sent, {
      transport: refusing(await bed.app.openTransport(), nth),
      ready: () => readyIssue(bed.app, sent),
      publish: true,
    })
    for (let at = 0; at < 5; at++) {
      const path = `/api/issues/${sent}/approval`
      await bed.send('POST', path, {
        step: at % 2 === 0 ? 'review' : 'draft',
        by: short(at * 5),
        note: nth(at * 5 + 1),
      })
    }
    for (let at = 0; at < 4; at++) {
      await bed.send('PUT', `/api/issues/${sent}/sources/s${at * 4}/tick`, {
        ticked: true,
        by: short(at + 30),
      })
    }
  }
  return { words, prepare, fill }
}

/** A mail in which everything is hostile; its headers too, as far as they are headers still. Its HTML is `text` alone. */
function mailOf(text: string, others: readonly string[]): string {
  const line = plain(text)
  const [, other = ''] = others
  const edge = '=_hostile_='
  return [
    `From: ${line.slice(0, 300)} <a@${elsewhere}>`,
    `To: "${other.replace(/["\\]/g, '')}" <b@people.test>`,
    `Subject: ${line.slice(0, 900)}`,
    `Message-ID: <${line.slice(0, 80)}>`,
    `List-Unsubscribe: <javascript:ran('header')>, <https://${elsewhere}/u>`,
    `X-${line.replace(/[^a-z-]/gi, '').slice(0, 40)}: ${other.slice(0, 300)}`,
    ...others.map((each, at) => `X-Words-${at}: ${each.slice(0, 300)}`),
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${edge}"`,
    '',
    `--${edge}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...others.map((each) => each.slice(0, 900)),
    `--${edge}`,
    'Content-Type: text/html; charset=utf-8',
    '',
    `<!doctype html><title>x</title><p>Before</p>${text}<p>After</p><img src="cid:svg"><img src="cid:png">`,
    `--${edge}`,
    'Content-Type: image/svg+xml',
    'Content-ID: <svg>',
    '',
    `<svg xmlns="http://www.w3.org/2000/svg" onload="ran('cid')"><script>ran('cid')</script></svg>`,
    `--${edge}`,
    ...others.flatMap((each, at) => {
      const name = `${each.replace(/["\\]/g, '').slice(0, 100)}.html`
      return [
        `Content-Type: text/html; name="${name}"`,
        `Content-Disposition: attachment; filename="${name}"`,
        '',
        `<script>ran('attachment')</script>`,
        ...(at === others.length - 1 ? [] : [`--${edge}`]),
      ]
    }),
    `--${edge}--`,
    '',
  ].join('\r\n')
}

/** Refuses every other message, in a stranger’s words. */
function refusing(transport: Transport, reply: (at: number) => string): Transport {
  let at = 0
  return {
    ...transport,
    connect() {
      const connection = transport.connect()
      return {
        offer: async (envelope) =>
          at++ % 2 === 0
            ? { state: 'rejected', reply: `550 5.7.1 ${reply(at).slice(0, 400)}`, class: 'policy' }
            : await connection.offer(envelope),
        deliver: (message) => connection.deliver(message, null),
        withdraw: () => connection.withdraw(),
        close: () => connection.close(),
      }
    },
    send: (message) => transport.send(message),
    close: () => transport.close(),
  }
}
