import { describe, expect, test } from 'vitest'
import type { Paragraph } from 'mdast'
import { parseMarkdown } from '../../src/brief/markdown.ts'
import { sentenceStretches } from '../../src/desk/sentence-ends.ts'
import { sentencesOf, type Sentence } from '../../src/desk/sentences.ts'

/** One paragraph a line; `¦` stands where a sentence ends and the next begins. */
const labelled = `
The talks ended. ¦ Both sides left.
The talks ended without a text. ¦ It was the third round.
Who will pay? ¦ Nobody knows.
Stop! ¦ The lights are red.
Mr. Hale signed it. ¦ Mrs. Velde did not.
Mr Hale signed it. ¦ Dr Calloway did not.
Dr. Calloway left the room.
Gen. Asim spoke to Lt. Col. Rana in the yard.
Sgt. L. Amery said so.
Prof. J. R. Pell wrote the report. ¦ Prof. Lind reviewed it.
Sen. Burke voted no. ¦ Rep. Ames voted yes.
The Rev. Martin Oyelaran opened the hall.
St. Petersburg was cut off. ¦ So was Mt. Elgin.
He lives in the U.S. Army’s old barracks.
She returned from the U.S. ¦ The visa had run out.
The U.N. mission reported six dead. ¦ The ministry reported nine.
The U.S. and the U.K. abstained.
Officials in Washington, D.C. ¦ The rest stayed away.
The D.C. Circuit will hear it.
J. K. Marsh and T. S. Oduya met on Friday.
J.K. Marsh met T.S. Oduya.
George W. Bush visited. ¦ He stayed a day.
It was Plan B. ¦ The other had failed.
He takes vitamin C. ¦ It does nothing.
She went home and so did I. ¦ The rest stayed.
She is taller than I. ¦ Martin is not.
The ferry leaves at 5 p.m. ¦ Passengers must be early.
The ferry leaves at 5 p.m. Monday and not before.
The ferry leaves at 5 p.m. GMT.
At 10.40 p.m. the harbour lights went out.
They met at 9 a.m. and at 4 p.m. in the same room.
The vote was at 9 a.m. ¦ The result came at noon.
Prices rose 3.5 per cent. ¦ Wages rose 1.2.
The crack is 2.75 metres long. ¦ It was 2.5 in May.
It cost $4.7 million. ¦ That is too much.
It cost £1,482,000.50 in all.
Version 2.0 is out. ¦ Version 1.9 is gone.
See No. 5 of the list. ¦ See Nos. 6 and 7 too.
He said no. ¦ 5 others agreed.
He said no. ¦ Nobody asked him again.
Resolution No. 1701 holds.
As Art. 7 says, it lapses. ¦ Art. 8 says more.
See p. 18 and pp. 20–22. ¦ The rest is padding.
Fig. 3 shows the wall. ¦ Fig. 4 shows the crack.
It opened on Nov. 12 and closed on Dec. 3.
It opened on 12 Nov. 2025. ¦ It closed in a day.
It opened in Nov. ¦ The rain came later.
On Jan. 5 the count is due.
Smith vs. Jones was heard. ¦ Roe v. Wade was not.
They sell eels, i.e. fish, e.g. smoked.
They sell nets, hooks, etc. ¦ The eels come later.
They sell nets, etc. to crews.
Acme Inc. reported a loss. ¦ It blamed the weather.
He joined Acme Inc. ¦ The firm was small.
He joined Acme Inc. Monday last.
Harbour Fish Co. Ltd. employs nine.
Martin Luther King Jr. spoke here.
It was Sammy Davis Jr. ¦ He sang twice.
She has a Ph.D. in hydrology. ¦ He has an M.A.
“We regret the delay. The bridge will open when it’s safe.”
“We regret the delay. The bridge will open,” she said. ¦ Nobody believed her.
“It was the custom,” he said. ¦ The room laughed.
“It was the custom.” ¦ The room laughed.
He said: “It was the custom. It was a quick one.” ¦ The room laughed.
“Why?” he asked. ¦ There was no answer.
“Why?” Mr Hale asked. ¦ There was no answer.
“Never!” Velde shouted from the gallery. ¦ The chair called for order.
“Who knew?” ¦ The report does not say.
She asked “Who knew?” and left. ¦ Nobody spoke.
"Why?" he asked. ¦ "Because," she said.
"We will not pay. We never have," he said.
He called it “a disaster”. ¦ She called it “a plan”.
He called it "a disaster." ¦ She called it "a plan."
‘We can’t wait. We won’t,’ she said. ¦ They waited.
She wrote that “a duty to consult isn’t a duty to agree”, and stopped. ¦ He did not.
«Nous refusons. C’est fini», a-t-il dit. ¦ Le maire est parti.
„Wir gehen. Das ist alles“, sagte er. ¦ Dann ging er.
»Wir gehen. Das ist alles«, sagte er. ¦ Dann ging er.
Er kam am 7. November an. ¦ Das Wetter war schlecht.
Er kam am 7. November 2025 z.B. mit Dr. Weiß.
Das gilt seit dem 19. Jahrhundert. ¦ Es gilt noch.
El ministro salió. ¦ ¿Quién lo sabía? ¦ ¡Nadie!
La Sra. Pérez llegó. ¦ El Sr. alcalde no.
Министр ушёл. ¦ Переговоры закончились.
双方没有达成协议。 ¦ 会谈结束了。
「始めます。終わります。」と言った。 ¦ 彼は去った。
هل انتهت المحادثات؟ ¦ نعم انتهت.
बैठक समाप्त हुई। ¦ कोई निर्णय नहीं हुआ।
The report is careful … and dull. ¦ It names no culprit.
The report is careful ... and dull.
He paused… ¦ The room waited.
Well… I do not know.
He read “the wall […] will hold” aloud. ¦ It fell.
He read “the wall [...] Will it hold” aloud.
The wall will hold (it has for years). ¦ The mole will not.
The wall will hold (the survey says so. It was done in May). ¦ The mole will not.
The wall will hold. ¦ (The survey says so.) ¦ The mole will not.
He wrote “sic (!) transit” on the wall. ¦ It was cleaned.
The site example.org was down. ¦ It is back.
Write to desk@brief.example.org. ¦ We answer.
The file is at a.b.c.d and stays there.
1. The harbour board met.
2) The harbour board met. ¦ It rose.
The truce of 19 October holds. ¦ 14 people died since.
In 2024. ¦ In 2025 it was worse.
It ended in 2024. ¦ 2025 was worse.
He was ill on 3.11.2025 and well on 4.11.2025. ¦ He worked.
The score was 3–0. ¦ The crowd left.
“Seventeen people were ill on Monday. Eleven are ill today.” ¦ She would not call that over.
Exports rose, he said; “if the pound stays – and I don’t think it will – we might break even.” ¦ She doubts it.
Was it a good custom? ¦ He considered the question. ¦ “It was a quick one,” he said.
The vans, said Sgt. Amery, were empty. ¦ The eels were gone!
What?! ¦ Nobody was told.
Really?? ¦ Yes.
It was over... ¦ But nobody left.
It isn’t over. ¦ It hasn’t begun.
He met Capt. Ode, Maj. Brandt and Col. Ruiz.
He met the ministers (Messrs. Dole and Pratt) there.
The co-op (est. 1911) survives. ¦ It is the last.
About 5 ft. of water stood in the hall.
The minister’s no. was final.
They abstained, cf. Annex B. ¦ The rest voted.
The approx. cost is known. ¦ It is high.
Its share (ca. 40 per cent) fell. ¦ So did its debt.
On Tues. and Wed. the office is shut.
The office opens on Mon. ¦ The hall does not.
The firm, Pell & Sons Ltd., is gone. ¦ Its name is not.
The 6.1-magnitude quake struck at 4:30. ¦ No one died.
Temperatures fell to -4.5 degrees. ¦ They rose again.
Rue St. Honoré was closed. ¦ Rue Ste. Anne was not.
He quoted Rom. numerals. ¦ She laughed.
Nobody knew . . . or said so.
`
  .trim()
  .split('\n')

describe('where sentences end', () => {
  test('there are at least 120 labelled paragraphs', () => {
    expect(labelled.length).toBeGreaterThanOrEqual(120)
  })

  test.each(labelled)('%s', (line) => {
    const expected = line.split(' ¦ ')
    const text = expected.join(' ')
    expect(sentenceStretches(text).map(({ start, end }) => text.slice(start, end))).toEqual(expected)
  })

  test('a full stop, then a citation and no space, ends a sentence', () => {
    expect(sentenceStretches('One fact.Two facts.', new Set([9]))).toEqual([
      { start: 0, end: 9 },
      { start: 9, end: 19 },
    ])
  })

  test('a text of nothing but spaces has no sentence', () => {
    expect(sentenceStretches('  \n ')).toEqual([])
  })

  test('a quotation that never closes does not swallow the paragraph', () => {
    expect(sentenceStretches('“We will go. Then he stopped. Nobody spoke.')).toHaveLength(3)
  })
})

describe('what a sentence rests on', () => {
  test('a citation before the full stop and one after it both belong to the sentence', () => {
    expect(ids('The talks ended [@a]. The truce holds. [@b] Nobody spoke.')).toEqual([['a'], ['b'], []])
  })

  test('several citations, and one with words and a locator, belong to theirs', () => {
    expect(ids('It ended [@a; @b]. It held [@c, p. 18] for a day [@d, "It held."].')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  test('a citation with the scope of a paragraph covers every sentence of it', () => {
    const [first, second] = sentences('It ended. It held [@a]. [@b] {scope=para}')
    expect(first?.citations.flatMap(idsOf)).toEqual(['b'])
    expect(first?.own).toEqual([])
    expect(second?.citations.flatMap(idsOf)).toEqual(['a', 'b'])
  })

  test('a narrative citation opens its sentence and reads as the publisher’s name', () => {
    const [first, second] = sentences('It ended [@a]. @dawn reports that it held.', (id) => id.toUpperCase())
    expect(first?.own.flatMap(idsOf)).toEqual(['a'])
    expect(second?.own.flatMap(idsOf)).toEqual(['dawn'])
    expect(second?.text).toBe('DAWN reports that it held.')
  })

  test('a citation right at a sentence’s start belongs to it', () => {
    expect(ids('[@a] It ended. It held [@b].')).toEqual([['a'], ['b']])
  })

  test('a citation within emphasis, a link or a quotation is found', () => {
    expect(
      ids('It *ended [@a]*. “It held. It broke” [@b], he said. See [this [@c]](https://example.org).'),
    ).toEqual([['a'], ['b'], ['c']])
  })
})

describe('where a sentence stands', () => {
  test('its place runs from its first word to the end of its citation', () => {
    const [first, second] = sentences('It *ended* [@a]. It held. [@b]')
    expect(first?.place).toEqual({ file: 'b.md', line: 1, column: 1, endLine: 1, endColumn: 17 })
    expect(second?.place).toEqual({ file: 'b.md', line: 1, column: 18, endLine: 1, endColumn: 31 })
  })

  test('a sentence that begins within a later line is placed there', () => {
    const [, second, third] = sentences('It ended on\nFriday. It held\nuntil noon. It broke.')
    expect(second?.place).toMatchObject({ line: 2, column: 9, endLine: 3, endColumn: 12 })
    expect(third?.place).toMatchObject({ line: 3, column: 13, endLine: 3, endColumn: 22 })
    expect(second?.text).toBe('It held until noon.')
  })

  test('every word stands at its place in the file, wherever a citation follows and however lines go on', () => {
    const texts = [
      'Nobody was there\nand he said, the toll was 47 people, and *thanked both*\nmediators [@a]. It ended.',
      'It held [@a] until\nnoon [@b, "held"], then\n**broke** [@c].\nAll left “at once”\n[@d]; `none` [@e] stayed 😀 here\nwith us [@f].',
    ]
    for (const text of texts) {
      const lines = text.split('\n')
      const found = sentences(text).flatMap((sentence) =>
        [...sentence.text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ 0: word, index }) => {
          const place = sentence.placeOf(index, index + word.length)
          return [word, lines[place.line - 1]?.slice(place.column - 1, place.endColumn - 1)]
        }),
      )
      expect(found.length).toBeGreaterThan(10)
      for (const [word, written] of found) expect(written).toBe(word)
    }
  })

  test('an indented line that goes on keeps its column', () => {
    const tree = parseMarkdown('b.md', '- It ended on\n  Friday. It held.').tree
    const item = tree?.children[0]
    const paragraph = item?.type === 'list' ? item.children[0]?.children[0] : undefined
    expect(paragraph?.type).toBe('paragraph')
    if (paragraph === undefined) return
    expect(sentencesOf('b.md', paragraph)[1]?.place).toMatchObject({ line: 2, column: 11, endColumn: 19 })
  })
})

function sentences(markdown: string, nameOf?: (id: string) => string): Sentence[] {
  return sentencesOf('b.md', paragraphOf(markdown), nameOf)
}

function paragraphOf(markdown: string): Paragraph {
  const block = parseMarkdown('b.md', markdown).tree?.children[0]
  if (block?.type !== 'paragraph') throw new Error('no paragraph')
  return block
}

function ids(markdown: string): string[][] {
  return sentences(markdown).map(({ citations }) => citations.flatMap(idsOf))
}

function idsOf(citation: Sentence['citations'][number]): string[] {
  return citation.items.map((item) => item.id)
}
