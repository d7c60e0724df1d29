import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TextContext } from '../../src/desk/context.ts'
import type { BlockKind, DeskBlock } from '../../src/desk/desk-text.ts'
import { deskRules } from '../../src/desk/rules/index.ts'
import { languageRules } from '../../bench/desk/labelled.ts'
import { findVoices } from '../../src/sources/independence.ts'
import { cpuTime } from '../cpu-time.ts'

const place = { file: 'one.md', line: 1, column: 1, endLine: 1, endColumn: 1 }
const LENGTH = 100_000
const names: ReadonlySet<string> = new Set(languageRules)
const textRules = deskRules.filter((rule) => rule.scope === 'text').filter((rule) => names.has(rule.id))

function contextOf(text: string): TextContext {
  const sentence = { text, place, own: [], citations: [], placeOf: () => place }
  const block = (kind: BlockKind): DeskBlock => ({
    kind,
    parents: [],
    sentences: [sentence],
    citations: [],
    label: '',
    place,
  })
  const blocks = [block('paragraph'), block('scenario')]
  return {
    text: {
      file: 'one.md',
      root: { type: 'root', children: [] },
      brief: null,
      standfirst: block('standfirst'),
      blocks,
      citations: [],
    },
    sources: new Map(),
    ids: [],
    briefFiles: new Set(),
    voices: findVoices([], () => null),
    snapshot: () => null,
    date: '2025-11-14',
    lang: 'en',
    settings: { severities: {}, staleAfterDays: 365 },
  }
}

/** The least of three runs: what is compiled or collected meanwhile is none of it. */
function milliseconds(run: () => unknown): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const started = cpuTime()
      run()
      return cpuTime() - started
    }),
  )
}

test('each language rule reads 100 KB of repeated words of any kind in time that grows with their number', () => {
  const word = fc.constantFrom(
    ...[
      'experts',
      'reports',
      'of',
      'the',
      'two',
      'May',
      'to',
      'some',
      'if',
      'would',
      'confidence',
      'likely',
      'a',
    ],
    ...[
      'senior',
      'one',
      'sources',
      'by',
      'in',
      '1,000',
      '12',
      'March',
      'said',
      'only',
      'no',
      'probability',
      'last',
    ],
    ...[
      'On',
      'people',
      'with',
      'According',
      ',',
      '“',
      '”',
      '"',
      '‘',
      '-',
      'is',
      'Battle',
      'x',
      'and',
      'account',
    ],
  )
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.constantFrom('', ' '), (words, gap) => {
      const seed = words.join(' ') + gap
      const context = contextOf(seed.repeat(Math.ceil(LENGTH / seed.length)))
      for (const rule of textRules) {
        // Three blocks of 100 KB each, 50 ms a block.
        expect([rule.id, milliseconds(() => rule.check(context)) < 150]).toEqual([rule.id, true])
      }
    }),
    { numRuns: 25 },
  )
}, 120_000)
