import type { Publication } from '../../core/publication.ts'
import type { Tokens } from '../../core/token.ts'
import type { Archive } from '../../delivery/archive.ts'
import { formatDate } from '../../render/date.ts'
import type { DueLetter } from '../../subscribers/readers.ts'
import { unsubscribeToken } from '../../subscribers/unsubscribe-token.ts'
import { viewToken } from '../../subscribers/view-token.ts'
import type { LetterWords } from './letter-view.ts'

/** What letters are about. */
export interface LetterMatter {
  readonly publication: Publication
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  readonly tokens: Tokens
  readonly archive: Archive
}

const nothing = { issue: null, links: [] } as const

/** The words of a letter. None of them was typed into a form: a letter to a stranger carries nobody's message. */
export async function letterWords(letter: DueLetter, matter: LetterMatter): Promise<LetterWords> {
  const { publication, baseUrl } = matter
  const { name } = publication
  const newsletterName = (key: string): string => publication.newsletters[key]?.name ?? key
  const host = new URL(baseUrl).host
  const logIn = (token: string) => ({ href: `${baseUrl}/log-in/${token}`, label: 'Log in' })
  switch (letter.kind) {
    case 'confirm': {
      const newsletter = newsletterName(letter.newsletter)
      return {
        ...{ ...nothing, kind: letter.kind },
        subject: `Confirm: ${newsletter} by ${name}`,
        preheader: 'One more press, and it comes to you. Nothing is sent before that.',
        heading: `Do you want ${newsletter} by mail?`,
        paragraphs: [
          `Somebody, hopefully you, gave this address at ${host} to get ${newsletter} by ${name}.`,
          'Open the page and press the button there. The link holds for seven days.',
        ],
        button: { href: `${baseUrl}/confirm/${letter.token}`, label: 'Yes, I want it' },
        notes: [
          'It was not you? Then do nothing: without your word nothing is sent to you, and your address is forgotten in seven days.',
        ],
      }
    }
    case 'already': {
      const newsletter = newsletterName(letter.newsletter)
      return {
        ...{ ...nothing, kind: letter.kind },
        subject: `You are subscribed to ${newsletter} already`,
        preheader: 'With a link that logs you in.',
        heading: 'You are subscribed already',
        paragraphs: [
          `Somebody, hopefully you, gave this address at ${host} to get ${newsletter} by ${name}. It is subscribed, and nothing has changed.`,
          'If you wanted to read with all links open, or to change something, log in. The link holds for 15 minutes and works once.',
        ],
        button: logIn(letter.token),
        notes: [`If 15 minutes are over: ${baseUrl}/log-in sends another link.`],
      }
    }
    case 'log-in':
      return {
        ...{ ...nothing, kind: letter.kind },
        subject: `Your link to log in to ${name}`,
        preheader: 'It holds for 15 minutes and works once.',
        heading: 'Log in',
        paragraphs: [
          `Somebody, hopefully you, asked at ${host} to log in with this address.`,
          'Open the page and press the button there. The link holds for 15 minutes and works once.',
        ],
        button: logIn(letter.token),
        notes: [
          'It was not you? Then do nothing. Pass this message on to nobody: who has the link can log in as you.',
        ],
      }
    case 'welcome':
      return welcome(letter, matter)
    case 'change-from':
      return {
        ...{ ...nothing, kind: letter.kind },
        subject: `Another address for ${name}?`,
        preheader: 'Your mail would go to another address. Nothing has changed yet.',
        heading: 'Shall your mail go to another address?',
        paragraphs: [
          `Somebody who is logged in as you at ${host} asked that mail from ${name} no longer comes to this address but to another.`,
          'Both addresses must say yes. The page shows the first character of the other one and what stands after its @. The link holds for two days.',
        ],
        button: { href: `${baseUrl}/change/${letter.token}`, label: 'Look at the change' },
        notes: [
          'It was not you? Then do not agree: nothing changes without this address. Somebody is logged in as you, though. Log in, and choose “log out everywhere” among your preferences.',
        ],
      }
    case 'change-to':
      return {
        ...{ ...nothing, kind: letter.kind },
        subject: `Is this your address? ${name} asks`,
        preheader: 'A reader wants to get mail here. Nothing is sent before you say yes.',
        heading: 'Is this your address?',
        paragraphs: [
          `A reader of ${name} asked at ${host} to get mail at this address from now on.`,
          'Both addresses, the former one and this, must say yes. The link holds for two days.',
        ],
        button: { href: `${baseUrl}/change/${letter.token}`, label: 'Look at the change' },
        notes: ['It was not you? Then do nothing: without your word nothing is sent to you.'],
      }
    case 'changed':
      return {
        ...{ ...nothing, kind: letter.kind },
        subject: `Your address at ${name} has changed`,
        preheader: 'Mail goes to the new address from now on.',
        heading: 'Your address has changed',
        paragraphs: [
          `Both addresses have said yes: from now on, mail from ${name} goes to the new one, and none comes here. You were logged out everywhere.`,
        ],
        button: null,
        notes: [`It was not you? Write to ${publication.replyTo ?? publication.from.address}.`],
      }
  }
}

/** With the latest issue of the newsletter, behind a link that shows it in whatever browser it is opened. */
async function welcome(
  { kind, newsletter, publicId, tier, askedAt }: DueLetter & { readonly kind: 'welcome' },
  { publication, baseUrl, tokens, archive }: LetterMatter,
): Promise<LetterWords> {
  const name = publication.newsletters[newsletter]?.name ?? newsletter
  const [latest] = await archive.heads(tier, { newsletter, count: 1 })
  const links = [
    { href: `${baseUrl}/preferences`, label: 'Preferences' },
    { href: `${baseUrl}/u/${unsubscribeToken(tokens, { publicId, newsletter })}`, label: `Leave ${name}` },
  ]
  const words = {
    kind,
    subject: `Welcome to ${name}`,
    heading: `Welcome to ${name}`,
    notes: [],
    links,
  }
  const thanks = `Thank you. You will get ${name} by ${publication.name} at this address. In every message the links to all sources are open for you.`
  if (latest === undefined)
    return {
      ...words,
      preheader: 'The first issue will come to you by itself.',
      paragraphs: [thanks, 'The first issue will come to you by itself.'],
      issue: null,
      button: null,
    }
  const date = formatDate(latest.date, latest.lang)
  return {
    ...words,
    preheader: `The latest issue: ${latest.subject}`,
    paragraphs: [thanks, 'So that you need not wait, here is the latest issue.'],
    issue: { title: latest.subject, about: date, briefs: latest.briefs.map(({ title }) => title) },
    button: {
      href: `${baseUrl}/v/${viewToken(tokens, latest.issue, publicId, askedAt)}`,
      label: 'Read it with all its sources',
    },
  }
}
