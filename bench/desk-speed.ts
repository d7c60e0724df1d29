// How long the desk check takes on a large issue, as a ratio to parsing the same issue: node bench/desk-speed.ts
import { createHash } from 'node:crypto'
import { parseBrief } from '../src/brief/parse.ts'
import { publicationSchema } from '../src/core/publication.ts'
import type { CheckedIssue } from '../src/desk/checked-issue.ts'
import { checkIssue, createDesk } from '../src/desk/desk.ts'
import { memoryCache } from '../src/desk/desk-cache.ts'
import type { KeptSnapshot } from '../src/sources/snapshot.ts'
import { parseLedger } from '../src/sources/ledger.ts'

const BRIEFS = 20
const WORDS = 1000
const SOURCES = 200
const SNAPSHOT_WORDS = 1500
const ROUNDS = 5

const vocabulary =
  'the harbour board gate council river ferry island minister court treaty border vessel engineer survey budget report talks truce market winter village teacher bridge letter answer measure question account number witness morning decision office paper season captain'.split(
    ' ',
  )

/** Numbers from 0 to 1, the same in every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function prose(next: () => number, count: number): string {
  const words: string[] = []
  while (words.length < count) {
    const length = 8 + Math.floor(next() * 14)
    const sentence = Array.from({ length }, () => vocabulary[Math.floor(next() * vocabulary.length)] ?? 'the')
    if (next() < 0.3) sentence.splice(3, 0, String(Math.floor(next() * 5000)))
    if (next() < 0.2) sentence.push('on', String(1 + Math.floor(next() * 28)), 'November')
    words.push(`${sentence.join(' ').replace(/^./, (letter) => letter.toUpperCase())}.`)
    words.push(...Array.from({ length: length - 1 }, () => ''))
  }
  return words.filter((word) => word !== '').join(' ')
}

interface Written {
  readonly briefs: readonly { readonly file: string; readonly text: string }[]
  readonly ledger: string
  readonly snapshots: ReadonlyMap<string, KeptSnapshot>
}

/** 20 briefs of 1,000 words, 200 sources with stored copies of 1,500 words each. */
function write(): Written {
  const next = random(7)
  const snapshots = new Map<string, KeptSnapshot>()
  const texts = Array.from({ length: SOURCES }, () => prose(next, SNAPSHOT_WORDS))
  const entries = texts.map((text, index) => {
    const hash = `sha256:${createHash('sha256').update(text).digest('hex')}`
    snapshots.set(hash, { state: 'text', text })
    return `- id: s${index}\n  title: Page ${index}\n  publisher: Paper ${index}\n  url: https://s${index}.example.org/\n  published: 2025-11-08\n  accessed: 2025-11-10\n  kind: newspaper\n  snapshot: ${hash}\n`
  })
  const briefs = Array.from({ length: BRIEFS }, (_, index) => {
    const sentences = prose(next, WORDS).split(/(?<=\.) /)
    const cited = sentences.map((sentence, at) => {
      const source = index * 10 + (at % 10)
      const passage = texts[source]?.split(' ').slice(20, 30).join(' ') ?? ''
      const quote = at % 4 === 0 ? `, "${passage}"` : ''
      const paragraph = at % 4 === 3 ? '\n\n' : ' '
      return `${sentence.slice(0, -1)} [@s${source}${quote}].${paragraph}`
    })
    const head = `---\ntitle: Brief ${index}\nstandfirst: What was seen on the quay that night.\ndate: 2025-11-10\n---\n\n`
    return { file: `briefs/w1/b${index}.md`, text: head + cited.join('') }
  })
  return { briefs, ledger: entries.join(''), snapshots }
}

function load({ briefs, ledger }: Written): CheckedIssue {
  const parsed = briefs.map(({ file, text }) => parseBrief(file, text))
  return {
    issue: {
      file: 'briefs/w1/issue.md',
      meta: { date: '2025-11-14' },
      lang: 'en',
      note: { type: 'root', children: [] },
      briefs: parsed.flatMap((each) => each.value ?? []),
      ledger: parseLedger('briefs/w1/sources.yaml', ledger).value ?? new Map(),
    },
    findings: parsed.flatMap((each) => each.findings),
    waivers: [],
  }
}

async function fastest(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
  }
  return Math.min(...times)
}

const publication = publicationSchema.parse({
  name: 'The Harbour',
  url: 'https://harbour.example.org',
  from: { name: 'The Harbour', address: 'desk@harbour.example.org' },
  postalAddress: '1 Quay',
  newsletters: { weekly: { name: 'Weekly' } },
})
const written = write()
const loaded = load(written)
const evidence = { snapshots: written.snapshots, links: new Map() }
const findings = checkIssue(loaded, publication, evidence)
// Of one run, as the command line makes it; the rounds below leave rubbish.
const rss = process.memoryUsage().rss / 1024 ** 2

const desk = createDesk({
  readSnapshot: async (hash) => written.snapshots.get(hash) ?? { state: 'missing' },
  readLinks: async () => new Map(),
  cache: memoryCache(),
})
await desk.check(loaded, publication)
const parsing = await fastest(() => load(written))
const full = await fastest(() => checkIssue(loaded, publication, evidence))
const unchanged = await fastest(() => desk.check(loaded, publication))

const words = written.briefs.reduce(
  (sum, { text }) => sum + text.replace(/\[[^\]]*\]/g, '').split(/\s+/).length,
  0,
)
const milliseconds = (time: number): string => `${Math.round(time)} ms`
console.log(
  `${BRIEFS} briefs, ${words} words, ${SOURCES} sources with stored copies, ${findings.length} findings`,
)
console.log(`parsing alone (baseline)    ${milliseconds(parsing)}`)
console.log(`check, nothing kept         ${milliseconds(full)}  ×${(full / parsing).toFixed(2)} of parsing`)
console.log(
  `check, nothing changed      ${milliseconds(unchanged)}  ×${(unchanged / parsing).toFixed(2)} of parsing`,
)
console.log(`memory                      ${Math.round(rss)} MB resident after one check`)
const together = parsing + full
console.log(
  `bar: 1000 ms warm, 300 MB → ${together <= 1000 && rss <= 300 ? 'held' : 'MISSED'} (parsing and check ${milliseconds(together)})`,
)
