import { expect, test } from 'vitest'
import { clock, moment, progressLine, progressText, reasonText } from '../../src/cli/round-text.ts'
import { watchBlock, type Watched } from '../../src/cli/watch-block.ts'
import { groupTroubles } from '../../src/delivery/trouble-groups.ts'
import type { Trouble } from '../../src/delivery/report.ts'
import type { RoundStatus } from '../../src/delivery/status.ts'

const status: RoundStatus = {
  issue: '2025-w46',
  transport: 'smtp://mail.example.org:587',
  state: 'sending',
  reason: null,
  total: 12_345,
  queued: 6_000,
  claimed: 0,
  onWire: 5,
  deferred: 90,
  accepted: 6_230,
  rejected: 18,
  unknown: 2,
  suppressed: 0,
  cancelled: 0,
  bounced: 0,
  complained: 0,
  rate: 812.4,
  startedAt: '2025-11-12T02:00:00.000Z',
  finishedAt: null,
}

function domain(name: string, total: number, deferred: number, refused: number) {
  const waiting = Math.floor(total / 2)
  const accepted = total - waiting - deferred - refused
  return { domain: name, total, waiting, deferred, accepted, refused, unknown: 0 }
}

function trouble(state: Trouble['state'], address: string, reply: string): Trouble {
  return { state, address, reply, class: null, at: 1, nextAt: null }
}

const watched: Watched = {
  status,
  domains: [
    domain('posteo.example', 400, 0, 0),
    domain('mail.example', 9_000, 90, 8),
    domain('a-name-that-goes-on-and-on.and-on.example', 300, 0, 10),
  ],
  troubles: groupTroubles([
    ...Array.from({ length: 90 }, (_, at) =>
      trouble(
        'deferred',
        `ada.${at}@mail.example`,
        `421 4.7.28 <ada.${at}@mail.example> unusual rate of mail`,
      ),
    ),
    trouble('rejected', 'bob.stone@posteo.example', '550 no mailbox here by the name of bob.stone'),
    trouble(
      'rejected',
      'zacharias@posteo.example',
      'after 48 hours: 450 4.2.0 <zacharias@posteo.example>: Greylisted',
    ),
  ]),
  nextDue: null,
  sender: true,
  idle: 0,
  usedUp: null,
}

test('a watcher sees how far, how fast and how long yet, where the trouble is and what it means, and nobody’s address', () => {
  const block = watchBlock(watched, 80, 30)
  expect(block.join('\n')).toMatchInlineSnapshot(`
    "2025-w46: sending, through smtp://mail.example.org:587
    ███████████████░░░░░░░░░░░░░░░  50 %  6,250 of 12,345 · 812/s · 7.4 s left
    6,230 accepted · 6,005 waiting · 90 deferred · 18 refused · 2 unknown

    domain                            waiting  accepted  deferred  refused
    mail.example                        4,500     4,402        90        8
    a-name-that-goes-on-and-on.and-…      150       140         ·       10
    posteo.example                        200       200         ·        ·

    What servers said last:
    deferred  90  mail.example    they find that we send too fast (421 4.7.28)
    refused    1  posteo.example  they will not take it for this address (550)
    refused    1  posteo.example  they let every new sender wait first (450 4.2.0)

    Ctrl-C ends the watching; the sending goes on."
  `)
  expect(block.join('\n')).not.toMatch(/ada|bob|zacharias/)
})

test.each([
  [60, 12],
  [80, 24],
  [120, 50],
  [40, 8],
])('the block fits a terminal of %i columns and %i rows', (columns, rows) => {
  const many = Array.from({ length: 300 }, (_, at) => domain(`d${at}.example`, 100 + at, at % 7, at % 3))
  const block = watchBlock({ ...watched, domains: many }, columns, rows)
  expect(block.length).toBeLessThan(rows)
  expect(Math.max(...block.map((line) => line.length))).toBeLessThan(columns)
  expect(block[0]).toContain('2025-w46')
})

test('when nobody sends, or nothing moves, a watcher is told what to do', () => {
  expect(watchBlock({ ...watched, idle: 95_000 }, 80, 30)[3]).toBe(
    'Nothing has moved for 1 min 35 s: see the log of the process that sends.',
  )
  const idle = { ...watched, sender: false }
  expect(watchBlock(idle, 80, 30).slice(3, 5)).toEqual([
    'Nobody is sending now: “onrecord send 2025-w46” goes on with 6,000 people.',
    '5 messages on the wire when the sender ended: unknown from then on.',
  ])
  const share = { ...status, reason: 'the share of the day is used up, until 00:00' }
  expect(watchBlock({ ...idle, status: share }, 80, 30)[3]).toMatch(/^A worker goes on by itself/)
  const deferred = { ...idle, status: { ...status, queued: 0, onWire: 0 } }
  expect(watchBlock({ ...deferred, nextDue: 1 }, 80, 30)[3]).toMatch(
    /deferred and due now, and no worker runs/,
  )
  expect(watchBlock({ ...deferred, nextDue: Date.now() + 60_000 }, 80, 30)[3]).toMatch(
    /^What is left is deferred: a worker tries it again from .*\d\d:\d\d\.$/,
  )
})

test('what an hour’s limit holds up shows until when, and no speed', () => {
  const until = Date.parse('2025-11-12T14:05:00Z')
  const usedUp = { reason: 'the hour’s 500 are used up', until }
  const text = `6,250 of 12,345 · the hour’s 500 are used up; goes on at ${clock(until)}`
  expect(progressText(status, null, usedUp)).toBe(`${text} · 90 deferred · 18 refused · 2 unknown`)
  const block = watchBlock({ ...watched, usedUp, idle: 600_000 }, 120, 30)
  expect(block[1]).toContain(text)
  expect(block.join('\n')).not.toMatch(/Nothing has moved|\/s/)
})

test('why a round stands is told in times of people', () => {
  const at = '2026-03-28T23:00:00.000Z'
  expect(reasonText(`it goes on at ${at}`)).toBe(`it goes on at ${moment(Date.parse(at))}`)
  // Here and there it is another time: its zone is named.
  expect(moment(Date.parse(at), 'Europe/Malta')).toBe('29 Mar 2026, 00:00 CET')
  const reason = `the warm-up’s share of today is used up; it goes on at ${at}`
  expect(watchBlock({ ...watched, status: { ...status, reason } }, 120, 30)[0]).not.toContain(at)
})

test.each([60, 80, 120])('the bar of a send is one line on %i columns', (columns) => {
  const line = progressLine(status, columns, null)
  expect(line.length).toBeLessThan(columns)
  expect(line).toContain('6,250 of 12,345 · 812/s · 7.4 s left')
  const freezing = progressLine({ ...status, state: 'freezing', total: 5_000 }, columns, 20_000)
  expect(freezing).toMatch(/^█+░+ {2}25 % {2}freezing the audience: 5,000 of 20,000$/)
})
