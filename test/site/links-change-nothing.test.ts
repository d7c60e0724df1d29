import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { beforeEach, expect, test } from 'vitest'
import { readerLinks } from '../../src/delivery/reader-links.ts'
import { composeLetter } from '../../src/email/compose-letter.ts'
import { openComposer } from '../../src/email/composer.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { writeLetter } from '../../src/site/mail/write-letter.ts'
import type { Database } from '../../src/store/sqlite.ts'
import type { DueLetter } from '../../src/subscribers/readers.ts'
import { openBed, type SiteBed } from './bed.ts'
import { addressOf, newAddress } from './every-route.ts'

/** A link of ours in a mail, and the mail it stands in. */
interface Mailed {
  readonly kind: string
  readonly href: string
  /** It was used while the mails were made, to have those that follow on it. */
  readonly used: boolean
}

let bed: SiteBed
let mailed: readonly Mailed[]
/** Which letters were written, with links or without. */
let written: Set<string>

beforeEach(async () => {
  bed = await openBed()
  written = new Set()
  await bed.publish('2025-w46')
  mailed = [...(await lettersOf(bed)), ...(await issueMail(bed))]
})

/** Links of ours in a message as the wire gets it: in both parts, and in its headers. */
async function linksIn(kind: string, raw: Buffer, used = false): Promise<Mailed[]> {
  const message = await PostalMime.parse(raw)
  const unescaped = (message.html ?? '').replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')
  const all = [unescaped, message.text ?? '', ...message.headers.map(({ value }) => value)].join('\n')
  const { origin } = new URL(bed.deps.baseUrl)
  const found = all.match(/https:\/\/[^\s"'<>)\]]+/g) ?? []
  return [...new Set(found)].filter((href) => href.startsWith(origin)).map((href) => ({ kind, href, used }))
}

/** Every kind of letter there is, as it is mailed. */
async function lettersOf({ deps, person, clock }: SiteBed): Promise<Mailed[]> {
  const { readers } = deps
  const proof = { askedAt: clock.now(), form: 'sign-up', words: 'I do', network: null } as const
  const [fresh, newcomer, known, member, moving, moved] = Array.from({ length: 6 }, newAddress)
  if (!fresh || !newcomer || !known || !member || !moving || !moved) throw new Error('too few addresses')
  await person(known)
  const stays = await person(member, 'member')
  const moves = await person(moving)
  for (const email of [fresh, newcomer, known])
    await readers.ask({ kind: 'sign-up', address: addressOf(email), newsletter: 'weekly', proof })
  await readers.ask({ kind: 'log-in', address: addressOf(member), next: '/issues/2025-w46' })
  await readers.askChange(stays.publicId, addressOf(newAddress()))
  await readers.askChange(moves.publicId, addressOf(moved))

  const builtIn = await loadTemplate(`${import.meta.dirname}/../../templates/weekly`)
  const links: Mailed[] = []
  for (;;) {
    const due: DueLetter | null = await readers.nextLetter()
    if (due === null) return links
    const letter = await writeLetter(due, { ...deps, looks: new Map(), builtIn }, clock.now())
    written.add(due.kind)
    const goesOn = [newcomer, moving, moved].includes(due.address) && 'token' in due
    links.push(...(await linksIn(due.kind, await composeLetter(letter, null), goesOn)))
    await readers.settleLetter(due.id, 'sent')
    if (!goesOn) continue
    if (due.kind === 'confirm') await readers.confirm(due.token)
    if (due.kind === 'change-from' || due.kind === 'change-to')
      await readers.agreeToChange(due.kind, due.token)
  }
}

/** The issue as a subscriber and a member get it. */
async function issueMail({ deps, editions, tokens, person, clock }: SiteBed): Promise<Mailed[]> {
  const published = await editions.published('2025-w46')
  if (published === null) throw new Error('nothing is published')
  const links: Mailed[] = []
  for (const tier of ['subscriber', 'member'] as const) {
    const address = newAddress()
    const { publicId } = await person(address, tier)
    const edition = published.editions[tier]
    for (const name of edition.images) writeFileSync(join(deps.imagesDir, name), 'a picture')
    const recipient = {
      ...{ address, name: null, messageId: '<1@brief.example.org>', date: clock.now(), subjectPrefix: '' },
      ...readerLinks(tokens, edition, publicId),
    }
    for (const format of ['html', 'text'] as const) {
      const raw = await openComposer(edition, null).compose({ ...recipient, format })
      links.push(...(await linksIn(`issue, ${tier}`, Buffer.from(raw))))
    }
  }
  return links
}

/** Every row of every table, what searches and sequences are made of included. */
function contentOf(database: Database): Readonly<Record<string, readonly string[]>> {
  const tables = database
    .prepare("select name from sqlite_master where type = 'table' order by name")
    .all()
    .map(({ name }) => String(name))
  return Object.fromEntries(
    tables.map((table) => [
      table,
      database
        .prepare(`select * from "${table}"`)
        .all()
        .map((row) =>
          JSON.stringify(row, (_key, value: unknown) =>
            value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
          ),
        )
        .toSorted(),
    ]),
  )
}

const routeOf = (href: string): string =>
  new URL(href).pathname.replace(/^\/(confirm|log-in|change|u|v)\/.*$/, '/$1/…')

test('each kind of mail carries the links that it is for', () => {
  const kinds = new Map<string, Set<string>>()
  for (const { kind, href } of mailed) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(routeOf(href)))
  const of = (kind: string): readonly string[] => [...(kinds.get(kind) ?? [])]
  expect(of('confirm')).toContain('/confirm/…')
  expect(of('already')).toContain('/log-in/…')
  expect(of('log-in')).toContain('/log-in/…')
  expect(of('welcome')).toEqual(expect.arrayContaining(['/v/…', '/u/…']))
  expect(of('change-from')).toContain('/change/…')
  expect(of('change-to')).toContain('/change/…')
  expect([...written].toSorted()).toEqual([
    'already',
    'change-from',
    'change-to',
    'changed',
    'confirm',
    'log-in',
    'welcome',
  ])
  for (const tier of ['subscriber', 'member'])
    expect(of(`issue, ${tier}`)).toEqual(expect.arrayContaining(['/u/…', '/v/…']))
})

test('whatever opens every mailed link, by GET and by HEAD, three times, without cookies, changes nothing', async () => {
  const before = contentOf(bed.database)
  expect(Object.keys(before).length).toBeGreaterThan(20)
  for (let time = 0; time < 3; time++) {
    for (const { kind, href, used } of mailed) {
      for (const method of ['GET', 'HEAD']) {
        const { pathname, search } = new URL(href)
        const answer = await bed.site.request(pathname + search, { method })
        const opens = answer.status < 400 || (used && answer.status === 410)
        expect([kind, href, opens]).toEqual([kind, href, true])
        expect(answer.headers.get('Set-Cookie')).toBeNull()
        // A scanner also loads what a page asks for, and follows its links.
        const html = await answer.text()
        for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/[^"]*)"/g))
          if (time === 0) await bed.site.request(path.replaceAll('&amp;', '&'))
      }
    }
  }
  expect(contentOf(bed.database)).toEqual(before)
})

test('and afterwards each still does what it was mailed for', async () => {
  const forms = mailed.filter(
    ({ href, used }) => !used && /^\/(?:confirm|log-in|change|u)\//.test(new URL(href).pathname),
  )
  const paths = [...new Set(forms.map(({ href }) => new URL(href).pathname))]
  for (const path of paths) await bed.site.request(path)
  // A change ends every session and link of its person, so that it comes last.
  for (const path of paths.toSorted(
    (a, b) => Number(a.startsWith('/change/')) - Number(b.startsWith('/change/')),
  )) {
    const answer = await bed.post(path, { from: 'page' })
    expect([path, answer.status < 400]).toEqual([path, true])
  }
  expect(paths.length).toBeGreaterThan(6)
})

test('the comparison bites: a POST of each kind changes what it compares', async () => {
  for (const route of ['/confirm/…', '/log-in/…', '/u/…']) {
    const before = contentOf(bed.database)
    const links = mailed.filter(({ href }) => routeOf(href) === route)
    for (const { href } of links) await bed.post(new URL(href).pathname, { from: 'page' })
    expect(contentOf(bed.database)).not.toEqual(before)
  }
})
