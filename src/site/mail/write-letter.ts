import { messageIdHost } from '../../delivery/message-id.ts'
import type { Letter } from '../../email/letter.ts'
import { TemplateError, type Template } from '../../render/template.ts'
import { oneLine } from '../../render/text.ts'
import { themeView } from '../../render/view.ts'
import { wrap } from '../../render/wrap.ts'
import type { Log } from '../../core/log.ts'
import type { DueLetter } from '../../subscribers/readers.ts'
import type { LetterView, LetterWords } from './letter-view.ts'
import { letterWords, type LetterMatter } from './words.ts'

/** What letters are written with. */
export interface LetterDesk extends LetterMatter {
  /** By the newsletter's key. */
  readonly looks: ReadonlyMap<string, Template>
  /** The look that comes with the program: it has every letter. */
  readonly builtIn: Template
  readonly log: Log
}

/**
 * A letter in the look of its newsletter: `letters/<kind>.html.hbs` and `.txt.hbs`, or `letters/letter.*`.
 * A look that lacks them, or fails, gives way to the one that comes with the program: a confirmation goes out.
 *
 * @param now milliseconds since the epoch
 */
export async function writeLetter(due: DueLetter, desk: LetterDesk, now: number): Promise<Letter> {
  const { publication, tokens } = desk
  const words = await letterWords(due, desk)
  const { html, text } = inLook(words, lookOf(due, desk), desk)
  const host = messageIdHost(publication.from.address)
  // Of a row, whose id another may have had before a restore; the token is another on each attempt.
  const name = tokens.digest('letter-id', JSON.stringify([due.kind, due.id, due.askedAt, due.address]))
  return {
    from: publication.from,
    replyTo: publication.replyTo ?? null,
    to: due.address,
    subject: words.subject,
    text,
    html,
    messageId: `<${name}@${host}>`,
    date: now,
  }
}

function lookOf(due: DueLetter, { looks, builtIn }: LetterDesk): Template {
  const newsletter = 'newsletter' in due ? due.newsletter : ''
  return looks.get(newsletter) ?? [...looks.values()][0] ?? builtIn
}

function inLook(words: LetterWords, look: Template, desk: LetterDesk): Pick<Letter, 'html' | 'text'> {
  try {
    return { html: part('email', words, look, desk), text: part('text', words, look, desk) }
  } catch (error) {
    if (!(error instanceof TemplateError) || look === desk.builtIn) throw error
    const { file, line, message } = error.finding
    desk.log('warn', 'look', { look: look.name, file, line, message })
    return inLook(words, desk.builtIn, desk)
  }
}

function part(medium: 'email' | 'text', words: LetterWords, look: Template, desk: LetterDesk): string {
  const { name, postalAddress, lang, theme } = desk.publication
  const view: LetterView = {
    ...(medium === 'text' ? wrapped(words) : words),
    lang,
    // The words are ours, in English; a look that translates them sets its own.
    dir: 'ltr',
    publication: { name, postalAddress, url: desk.baseUrl },
    theme: themeView({ theme }),
  }
  for (const template of [look, desk.builtIn])
    for (const letter of [words.kind, 'letter']) {
      const written = template.letter(medium, letter, view)
      if (written !== null) return written
    }
  throw new Error('the look that comes with the program has no letters')
}

/** 72 columns; an address is never broken. */
function wrapped(words: LetterWords): LetterWords {
  const lines = (text: string): string => wrap(oneLine(text))
  const { issue } = words
  return {
    ...words,
    heading: lines(words.heading),
    paragraphs: words.paragraphs.map(lines),
    notes: words.notes.map(lines),
    issue:
      issue === null
        ? null
        : {
            title: lines(issue.title),
            about: lines(issue.about),
            briefs: issue.briefs.map((title) => wrap(oneLine(title), 72, '* ', '  ')),
          },
  }
}
