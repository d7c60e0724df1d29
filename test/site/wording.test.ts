import { expect, test } from 'vitest'
import type { LetterWords } from '../../src/site/mail/letter-view.ts'
import { letterWords } from '../../src/site/mail/words.ts'
import { openBed } from './bed.ts'
import { visit } from './visitor.ts'

/** What comes into a mailbox is a message (docs/glossary.md); “mail” is all of it together, and never counted. */
const otherWords =
  /\b(?:letters?|mails|e-?mails?(?! address)|(?:an?|each|every|next|newest|this) mail(?! program))\b/i

test('what readers are mailed and shown calls a message a message', async () => {
  const bed = await openBed()
  const said: string[] = []
  const show = async (answer: Response): Promise<void> => {
    const words = (await answer.text()).replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, ' ')
    said.push(...words.split(/\s{2,}|\n/))
  }
  const stranger = visit(bed)
  const reader = visit(bed)
  await bed.person('reader@brief.test')
  await show(await stranger.post('/subscribe', { email: 'new@brief.test', newsletter: 'weekly' }))
  await stranger.post('/subscribe', { email: 'reader@brief.test', newsletter: 'weekly' })
  await show(await stranger.post('/log-in', { email: 'reader@brief.test' }))
  for (const path of ['/', '/subscribe', '/log-in', '/log-in/made-up', '/change/made-up', '/u/x', '/v/x'])
    await show(await stranger.get(path))

  const kinds = new Set<string>()
  /** Reads each message and presses its button. */
  const readMail = async (): Promise<void> => {
    for (;;) {
      const letter = await bed.deps.readers.nextLetter()
      if (letter === null) return
      await bed.deps.readers.settleLetter(letter.id, 'sent')
      kinds.add(letter.kind)
      said.push(...sentences(await letterWords(letter, bed.deps)))
      if (!('token' in letter)) continue
      const path =
        { confirm: 'confirm', already: 'log-in', 'log-in': 'log-in' }[String(letter.kind)] ?? 'change'
      await show(await stranger.get(`/${path}/${letter.token}`))
      const who = letter.kind === 'confirm' || path === 'change' ? stranger : reader
      await show(await who.post(`/${path}/${letter.token}`))
      if (path === 'log-in') {
        await reader.post('/preferences/address', { email: 'moved@brief.test' })
        for (const page of ['', '?saved=address', '?saved=kept', '?saved=format', '?saved=views'])
          await show(await reader.get(`/preferences${page}`))
      }
    }
  }
  await readMail()
  expect([...kinds].toSorted()).toEqual(
    ['already', 'change-from', 'change-to', 'changed', 'confirm', 'log-in', 'welcome'].toSorted(),
  )
  expect(said.filter((sentence) => otherWords.test(sentence))).toEqual([])
})

function sentences({ subject, preheader, heading, paragraphs, notes, button, links }: LetterWords): string[] {
  const labels = [button, ...links].flatMap((each) => (each === null ? [] : [each.label]))
  return [subject, preheader, heading, ...paragraphs, ...notes, ...labels]
}
