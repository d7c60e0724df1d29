import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import {
  deliverySentence,
  deliverySpan,
  received,
  type DeliveryHistory,
  type PastDelivery,
} from '../../src/delivery/history.ts'
import { sendIssue } from '../../src/delivery/send-issue.ts'
import type { SendingDesk } from '../../src/delivery/publish.ts'
import { startOutbox, type Outbox } from '../../src/outbox/server.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { readyIssue, transportTo } from '../delivery/desk.ts'
import { address } from '../delivery/people.ts'
import { startSink, type Sink } from '../delivery/sink.ts'

/** An empty publication to send from. */
export interface OpenHistory {
  readonly desk: SendingDesk & { readonly subscribers: SubscriberStore }
  readonly history: DeliveryHistory
  /** A statement that both databases understand. */
  run(statement: string): Promise<void>
  close(): Promise<void>
}

/** What every `DeliveryHistory` must do, whatever database is behind it. */
export function historyContract(name: string, opening: () => Promise<OpenHistory>): void {
  describe(`what somebody was sent, on ${name}`, () => {
    let open: OpenHistory
    let sink: Sink
    beforeEach(async () => {
      open = await opening()
      sink = await startSink({
        onRecipient: (to) =>
          to.startsWith('gone') ? { code: 550, text: `5.1.1 <${to}> no such user` } : null,
      })
    })
    afterEach(async () => {
      await sink.close()
      await open.close()
    })

    async function add(text: string, name: string | null): Promise<void> {
      const person = { address: address(text), name, tier: 'member' as const, newsletter: 'weekly' }
      await open.desk.subscribers.add({ ...person, source: 'test', again: false })
    }

    async function send(issue: string, port = sink.port, kind: 'smtp' | 'outbox' = 'smtp'): Promise<void> {
      const transport = transportTo(port, { kind })
      await sendIssue(open.desk, issue, { transport, ready: async () => readyIssue(issue) })
      await transport.close()
    }

    async function first(text: string): Promise<PastDelivery> {
      const { deliveries } = await open.history.page(address(text), { after: null, limit: 1 })
      const [delivery] = deliveries
      if (delivery === undefined) throw new Error(`nothing was meant for ${text}`)
      return delivery
    }

    test('what a server was given is made again byte for byte, also with another name, address and tier since', async () => {
      await add('ada@reader.test', 'Ada “Countess” Lovelace')
      await add('ünïcode@reader.test', '张三')
      await send('2025-w46')
      const { history } = open
      const { id } = await first('ada@reader.test')
      const sent = sink.messages.get('ada@reader.test')
      expect(sent).toContain('Ada')
      for (const to of sink.messages.keys()) {
        const again = await received(open.desk, history, (await first(to)).id)
        expect(again).toMatchObject({ exact: true, differs: [] })
        expect(again?.bytes?.toString('latin1')).toBe(sink.messages.get(to))
      }
      await open.desk.subscribers.set(address('ada@reader.test'), { name: 'Augusta', tier: 'subscriber' })
      await open.run(
        "update subscriber set address = 'new@reader.test', address_key = 'new@reader.test' where name = 'Augusta'",
      )
      const again = await received(open.desk, history, id)
      expect([again?.exact, again?.bytes?.toString('latin1')]).toEqual([true, sent])
      // The person is found by where they have their mail now.
      expect((await first('new@reader.test')).id).toBe(id)
    })

    test('what the outbox kept of a rehearsal is what the history shows', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'onrecord-history-'))
      const outbox: Outbox = await startOutbox({ dir })
      try {
        await add('ada@reader.test', 'Zoë')
        await send('2025-w46', outbox.port, 'outbox')
        const [file = ''] = readdirSync(dir).filter((name) => name.endsWith('.eml'))
        const delivery = await first('ada@reader.test')
        const again = await received(open.desk, open.history, delivery.id)
        expect(again?.exact).toBe(true)
        expect(again?.bytes?.equals(readFileSync(join(dir, file)))).toBe(true)
        expect(deliverySentence(delivery)).toBe('A rehearsal: it went to the outbox, to nobody.')
      } finally {
        await outbox.close()
        rmSync(dir, { recursive: true, force: true })
      }
    })

    test('where something has changed that made the message, it says what, and nothing is made up', async () => {
      await add('ada@reader.test', 'Ada')
      await send('2025-w46')
      const { history } = open
      const { id, publicId } = await first('ada@reader.test')
      const tokens = createTokens('another secret of more than thirty-two characters')
      expect(await received({ ...open.desk, tokens }, history, id)).toMatchObject({
        exact: false,
        differs: [expect.stringMatching(/^SECRET_KEY is another than then: the unsubscribe link .*\.$/)],
      })
      await open.desk.subscribers.erase(address('ada@reader.test'))
      expect(await received(open.desk, history, id)).toEqual({
        bytes: null,
        exact: false,
        differs: ['The person was erased, and what made the message with them.'],
      })
      // That there was something stays, for the sums.
      const { deliveries } = await history.page({ publicId }, { after: null, limit: 5 })
      expect(deliveries).toMatchObject([{ id, address: null, name: null, state: 'accepted' }])
      expect(await received(open.desk, history, 999)).toBeNull()
    })

    test('a history is read page by page, the newest first, with the subject that was frozen', async () => {
      await add('ada@reader.test', null)
      await add('bob@reader.test', null)
      const issues = ['2025-w40', '2025-w41', '2025-w42', '2025-w43', '2025-w44']
      for (const issue of issues) await send(issue)
      const { history } = open
      const seen: string[] = []
      let after: number | null = null
      let pages = 0
      do {
        const page: Awaited<ReturnType<typeof history.page>> = await history.page(
          address('ada@reader.test'),
          {
            after,
            limit: 2,
          },
        )
        seen.push(...page.deliveries.map(({ round, subject }) => `${round.issue}: ${subject}`))
        after = page.next
        pages += 1
      } while (after !== null)
      expect([seen, pages]).toEqual([issues.toReversed().map((issue) => `${issue}: ${issue} one`), 3])
      expect(await history.page(address('eve@reader.test'), { after: null, limit: 2 })).toEqual({
        deliveries: [],
        next: null,
      })
    })

    test('what became of each is said in a sentence, with its beginning and its end', async () => {
      await add('ada@reader.test', null)
      await add('gone@reader.test', null)
      await send('2025-w46')
      const gone = await first('gone@reader.test')
      expect(deliverySentence(gone)).toBe('Refused by their server: there is no such address.')
      const taken = await first('ada@reader.test')
      expect(deliverySentence(taken)).toBe('Accepted by their server.')
      expect(deliverySpan(taken)).toEqual({ begunAt: taken.firstAttemptAt, endedAt: taken.acceptedAt })
      expect(deliverySpan({ ...taken, state: 'deferred' }).endedAt).toBeNull()
      expect(deliverySentence({ ...taken, state: 'unknown', reply: 'the connection broke' })).toBe(
        'It is not known whether they have it (the connection broke).',
      )
    })
  })
}
