import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchQuotation, quotationMatcher } from '../../src/sources/quotation.ts'
import { article, passages } from './prose.ts'

const match = quotationMatcher(article)

interface Words {
  readonly passage: number
  readonly from: number
  readonly words: readonly string[]
}

function wordsOf(passage: string): string[] {
  return passage.split(' ')
}

/** A stretch of whole words of one passage. */
function stretch(least: number, most: number): fc.Arbitrary<Words> {
  return fc
    .record({
      passage: fc.nat(passages.length - 1),
      start: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      length: fc.integer({ min: least, max: most }),
    })
    .map(({ passage, start, length }) => {
      const words = wordsOf(passages[passage] ?? '')
      const from = Math.floor(start * Math.max(1, words.length - length))
      return { passage, from, words: words.slice(from, from + length) }
    })
}

/** What another keyboard, typesetter or extractor makes of the same words. */
const typography: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll(/[“”]/gu, '"').replaceAll(/[‘’]/gu, "'"),
  (text) => text.replaceAll('“', '«\u00a0').replaceAll('”', '\u00a0»'),
  (text) => text.replaceAll('“', '„').replaceAll('”', '“'),
  (text) => text.replaceAll('“', '‘').replaceAll('”', '’'),
  (text) => text.replaceAll(' – ', '—').replaceAll(' — ', '--'),
  (text) => text.replaceAll(/[–—]/gu, '-'),
  (text) => text.replaceAll(' ', '\u00a0'),
  (text) => text.replaceAll(' ', '  \n'),
  (text) => text.replaceAll(/(\p{L}{3})(\p{L}{3})/gu, '$1\u00ad$2'),
  (text) => text.replaceAll(' ', ' \u200b'),
  (text) => `\u202a${text}\u202c`,
  (text) => text.replaceAll('fi', 'ﬁ').replaceAll('fl', 'ﬂ'),
  (text) => text.normalize('NFD'),
  (text) => text.replaceAll(/\d/gu, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (text) => text.replaceAll(/(\p{Ll}{4})(\p{Ll}{4})/gu, '$1-\n$2'),
  (text) => text.charAt(0).toUpperCase() + text.slice(1),
  (text) => text.charAt(0).toLowerCase() + text.slice(1),
  (text) => `“${text.replace(/[.,;:]$/u, '')},”`,
  (text) => `…${text}…`,
  (text) => text.replaceAll(/ ?([;:?!])/gu, '\u202f$1'),
  (text) => text.replaceAll('-', '\u2011'),
]

describe('a quotation that its source holds', () => {
  const variation = fc
    .nat(typography.length - 1)
    .map((index) => typography[index] ?? ((text: string) => text))

  test('is found whatever its typography', () => {
    fc.assert(
      fc.property(stretch(3, 30), fc.array(variation, { minLength: 1, maxLength: 3 }), ({ words }, vary) => {
        const source = words.join(' ')
        // Of two styles of quotation marks in one text the second would turn the first's marks about.
        const quotation = vary.reduce(
          (text, change) =>
            /[„«]/.test(text) && !/[„«]/.test(source) && change('“') !== '“' ? text : change(text),
          source,
        )
        const result = match(quotation)
        expect(result.found, quotation).toBe(true)
        expect(bare(sliceOf(result.segments[0]))).toBe(bare(words.join(' ')))
      }),
      { numRuns: 2000 },
    )
  })

  test('is found when an ellipsis leaves words out of it', () => {
    const ellipses = ['…', ' … ', ' ... ', ' […] ', ' [...] ', ' (…) ', ' . . . ', '... ']
    fc.assert(
      fc.property(
        stretch(10, 34),
        fc.nat(),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(...ellipses),
        ({ words }, cut, gone, ellipsis) => {
          const at = 3 + (cut % Math.max(1, words.length - 6 - Math.min(gone, words.length - 7)))
          const after = Math.min(at + gone, words.length - 3)
          const quotation = `${words.slice(0, at).join(' ')}${ellipsis}${words.slice(after).join(' ')}`
          const result = match(quotation)
          expect(result.found, quotation).toBe(true)
          expect(result.segments).toHaveLength(2)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('is found around an insertion in brackets', () => {
    fc.assert(
      fc.property(stretch(8, 30), fc.nat(), fc.boolean(), ({ words }, cut, replaces) => {
        const at = 3 + (cut % (words.length - 6))
        const replaced = words[at] ?? ''
        const negation = /\b(?:no|not|nor|never|none|nothing|nobody|neither|without|cannot|one)\b|n’t/iu
        fc.pre(!replaces || !negation.test(replaced))
        const rest = words.slice(at + (replaces ? 1 : 0)).join(' ')
        const quotation = `${words.slice(0, at).join(' ')} [as the desk puts it] ${rest}`
        expect(match(quotation).found, quotation).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('is found whether a comma stands within its quotation marks or after them', () => {
    const source = 'Talks had “completely collapsed”, adding that it was “over”. He left.'
    expect(matchQuotation(source, 'Talks had “completely collapsed,” adding that').found).toBe(true)
    expect(matchQuotation(source, 'adding that it was "over." He left').found).toBe(true)
    const american = 'Talks had “completely collapsed,” adding that it was “over.” He left.'
    expect(matchQuotation(american, 'Talks had ‘completely collapsed’, adding').found).toBe(true)
    const french = 'Talks had « completely collapsed », adding that it was « over ». He left.'
    expect(matchQuotation(french, 'Talks had “completely collapsed,” adding').found).toBe(true)
    expect(matchQuotation(source, 'Talks had «\u00a0completely collapsed\u00a0», adding').found).toBe(true)
    const [segment] = matchQuotation(source, '“completely collapsed,” adding').segments
    expect(source.slice(segment?.start, segment?.end)).toBe('completely collapsed”, adding')
  })

  test('is refused where brackets at its edge turn its sense, or stand for another number', () => {
    const source =
      'The army reopened 17 bridges and sent two teams. Nobody came back to ask us. Everyone agreed to go.'
    for (const altered of [
      '[never] reopened 17 bridges',
      'reopened 17 bridges [not]',
      '[Somebody] came back to ask us',
      '[Every]body came back to ask us',
      '[No one] agreed to go',
      'reopened [seventy-one] bridges and sent',
      'and sent [nine] teams',
    ])
      expect(matchQuotation(source, altered).found, altered).toBe(false)
    expect(matchQuotation(source, '[The soldiers] reopened 17 bridges').found).toBe(true)
    expect(matchQuotation(source, 'came back to ask [the villagers]').found).toBe(true)
  })

  test('is found with the case of its first letter changed in brackets', () => {
    expect(match('[W]e did not come here to bury the ferry').found).toBe(true)
    expect(match('“[t]he harbour board met for nine hours”').found).toBe(true)
    expect(match('He said that [w]e did not come here').found).toBe(false)
  })
})

describe('a quotation that is not what the source says', () => {
  const fillers = ['not', 'never', 'also', 'very', 'hardly', 'clearly', 'only', 'the', 'reportedly', 'no']

  function refused(quotation: string): void {
    const plain = bare(quotation)
    // By chance the changed words may be words of the text.
    fc.pre(!bare(article).includes(plain))
    expect(match(quotation).found, quotation).toBe(false)
  }

  test('with a word put in is refused', () => {
    fc.assert(
      fc.property(stretch(3, 30), fc.nat(), fc.constantFrom(...fillers), ({ words }, at, word) => {
        const place = 1 + (at % (words.length - 1))
        refused([...words.slice(0, place), word, ...words.slice(place)].join(' '))
      }),
      { numRuns: 600 },
    )
  })

  test('with a word left out is refused', () => {
    fc.assert(
      fc.property(stretch(4, 30), fc.nat(), ({ words }, at) => {
        const place = 1 + (at % (words.length - 2))
        refused(words.filter((_, index) => index !== place).join(' '))
      }),
      { numRuns: 600 },
    )
  })

  test('with two words swapped is refused', () => {
    fc.assert(
      fc.property(stretch(3, 30), fc.nat(), ({ words }, at) => {
        const place = at % (words.length - 1)
        const swapped = [...words]
        swapped.splice(place, 2, words[place + 1] ?? '', words[place] ?? '')
        fc.pre(words[place]?.toLowerCase() !== words[place + 1]?.toLowerCase())
        refused(swapped.join(' '))
      }),
      { numRuns: 600 },
    )
  })

  test('with a digit changed, put in or left out is refused', () => {
    fc.assert(
      fc.property(
        stretch(6, 40),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(2),
        ({ words }, at, by, how) => {
          const text = words.join(' ')
          const digits = [...text.matchAll(/\d/gu)]
          fc.pre(digits.length > 0)
          const place = digits[at % digits.length]?.index ?? 0
          const digit = String((Number(text[place]) + by) % 10)
          const changed = how === 0 ? digit : how === 1 ? `${text[place]}${digit}` : ''
          refused(text.slice(0, place) + changed + text.slice(place + 1))
        },
      ),
      { numRuns: 800 },
    )
  })

  test('with one letter changed is refused', () => {
    fc.assert(
      fc.property(stretch(3, 20), fc.nat(), fc.constantFrom(...'aeioutnsr'), ({ words }, at, letter) => {
        const text = words.join(' ')
        const letters = [...text.matchAll(/\p{Ll}/gu)]
        fc.pre(letters.length > 1)
        const place = letters[1 + (at % (letters.length - 1))]?.index ?? 0
        fc.pre(text[place]?.toLowerCase() !== letter)
        refused(text.slice(0, place) + letter + text.slice(place + 1))
      }),
      { numRuns: 800 },
    )
  })

  test('that joins distant passages is refused, with an ellipsis and without', () => {
    const joins = [' ', ' … ', ' [...] ', ' [and then] ', '. ']
    fc.assert(
      fc.property(stretch(4, 15), stretch(4, 15), fc.constantFrom(...joins), (first, second, join) => {
        fc.pre(Math.abs(first.passage - second.passage) > 2 || second.passage < first.passage)
        refused(`${first.words.join(' ')}${join}${second.words.join(' ')}`)
      }),
      { numRuns: 600 },
    )
  })

  test('that joins two paragraphs over more than a few words is refused', () => {
    const far = `The mill stood empty. ${'It was cold in there. '.repeat(8)}\n\nNobody was hurt.`
    expect(matchQuotation(far, 'The mill stood empty. … Nobody was hurt.').found).toBe(false)
    const near = 'The mill stood empty. It was cold.\n\nNobody was hurt.'
    expect(matchQuotation(near, 'The mill stood empty. … Nobody was hurt.').found).toBe(true)
  })

  test('cut out of a word or a figure is refused', () => {
    const source =
      'About 1,500 people fled the anti-government march; 10 000 stayed. It didn’t fall by 3.5% or −4 degrees at 10:30. Prices rose £5 million. Pakistan’s army won’t go. An area of 10² km, 5㎡ and 1½ days.'
    for (const quotation of [
      '500 people',
      'government march',
      '000 stayed',
      'It didn',
      '5% or',
      'fall by 3',
      'fall by 3.5',
      '4 degrees',
      'at 10',
      '30. Prices',
      '5 million',
      'Pakistan',
      'army won',
      'area of 102 km',
      'area of 10',
      '52, and',
      'and 11/2 days',
      'bout 1,500 people',
    ]) {
      expect(matchQuotation(source, quotation).found, quotation).toBe(false)
    }
    for (const quotation of [
      '1,500 people',
      'anti-government march',
      '10 000 stayed',
      'by 3.5%',
      '-4 degrees',
      '10² km',
      '1 1/2 days',
      '5㎡',
    ]) {
      expect(matchQuotation(source, quotation).found, quotation).toBe(true)
    }
  })

  test('whose brackets turn its sense round is refused', () => {
    const source = 'We will not attack the likely winner, and we do care about the vote.'
    for (const quotation of [
      'We will [certainly] attack',
      'we do [not] care about the vote',
      'the [un]likely winner',
      'we do[n’t] care',
    ]) {
      expect(matchQuotation(source, quotation).found, quotation).toBe(false)
    }
    expect(matchQuotation(source, 'We will [not] attack').found).toBe(true)
    expect(matchQuotation('It found 14 cracks in it.', 'It found [99] cracks').found).toBe(false)
    expect(matchQuotation('It found 14 cracks in it.', 'It found [14] cracks').found).toBe(true)
    expect(matchQuotation('A sum of $5,750 was paid.', 'sum of $[99],750 was paid').found).toBe(false)
    expect(matchQuotation('It lasts until 2031.', 'It lasts until [2099].').found).toBe(false)
    expect(matchQuotation('It rose in a year.', 'It rose in [2025]').found).toBe(true)
  })

  test('that ends a question with a full stop is refused', () => {
    expect(matchQuotation('Will he go? He will not say.', 'Will he go.').found).toBe(false)
    expect(matchQuotation('Will he go? He will not say.', 'Will he go?').found).toBe(true)
  })

  test('that leaves “not” out at the start of a Chinese clause is refused', () => {
    expect(matchQuotation('双方不同意停火协议。', '同意停火协议').found).toBe(false)
    expect(matchQuotation('双方不同意停火协议。', '不同意停火协议').found).toBe(true)
  })

  test('of nothing but signs is refused', () => {
    for (const quotation of ['', '…', '[…]', '“”', ' . ', '[sic]'])
      expect(match(quotation).found, quotation).toBe(false)
  })
})

describe('fractions and figures of Unicode', () => {
  test('a half is a half in every spelling, and never part of a larger figure', () => {
    expect(matchQuotation('It took 1½ hours.', 'took 1 1/2 hours').found).toBe(true)
    expect(matchQuotation('It took 1½ hours.', 'took 1½ hours').found).toBe(true)
    expect(matchQuotation('It took 1½ hours.', 'took 11/2 hours').found).toBe(false)
    expect(matchQuotation('It took 11/2 hours.', 'took 1½ hours').found).toBe(false)
    expect(matchQuotation('½5 of them', '1/25 of them').found).toBe(false)
  })

  test('full-width digits are digits, raised and circled ones are not', () => {
    expect(matchQuotation('死者は３４６人', '死者は346人').found).toBe(true)
    expect(matchQuotation('of 102 people', 'of 10² people').found).toBe(false)
    expect(matchQuotation('of 10² people', 'of 102 people').found).toBe(false)
    expect(matchQuotation('item ⑫ of', 'item 12 of').found).toBe(false)
    expect(matchQuotation('on ㏠ of the month', 'on 1日 of the month').found).toBe(false)
  })
})

describe('places and suggestions', () => {
  test('a match names its place in the text as it was given', () => {
    const source = 'He said:\u00a0“We\u00ad did   not\ncome here,” and left.'
    const [segment] = matchQuotation(source, 'We did not come here').segments
    expect(source.slice(segment?.start, segment?.end)).toBe('We\u00ad did   not\ncome here')
  })

  test('a word in German quotation marks, Arabic with its marks and Hebrew with direction marks are found', () => {
    expect(matchQuotation('Er sagte: »Das war’s.«', "„Das war's“").found).toBe(true)
    expect(matchQuotation('قال الوزير إن المحادثات انتهت', '\u200fالمحادثات انتهت\u200f').found).toBe(true)
    expect(matchQuotation('השר אמר כי השיחות הסתיימו', '\u202bהשיחות הסתיימו\u202c').found).toBe(true)
  })

  test('the nearest passage is suggested, and is not a match', () => {
    const result = match('nobody in this room can say who will pay for the ferry')
    expect(result.found).toBe(false)
    expect(result.suggestion).toContain('nobody in this room can tell me who will pay for it')
  })

  test('nothing is suggested where nothing is like it', () => {
    expect(match('entirely foreign syllables wander unmoored')).toEqual({ found: false, segments: [] })
  })

  test('a text of 1 MB is searched in well under a second, also for what recurs all over it', () => {
    const long = Array.from(
      { length: Math.ceil(1e6 / article.length) },
      (_, index) => `${index} ${article}`,
    ).join('\n\n')
    const began = process.cpuUsage()
    expect(matchQuotation(long, 'the … of … the … zebra').found).toBe(false)
    expect(matchQuotation(long, 'nobody in this room can say who will pay for it').found).toBe(false)
    // Time of ours alone, in microseconds: other tests share the processor.
    expect(process.cpuUsage(began).user).toBeLessThan(1_000_000)
  })
})

function sliceOf(segment: { readonly start: number; readonly end: number } | undefined): string {
  return article.slice(segment?.start, segment?.end)
}

/** Letters and digits alone, to compare words whatever their typography. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
