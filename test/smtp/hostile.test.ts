import { setTimeout as sleep } from 'node:timers/promises'
import { describe, test } from 'vitest'
import type { Outcome } from '../../src/delivery/transport.ts'
import { openSmtpClient } from '../../src/smtp/client.ts'
import { startScriptedServer, takeEnvelope, welcome, type Talk } from './scripted-server.ts'
import { envelopeOf, optionsFor, wireMessage } from './wire.ts'

const down = { state: 'deferred', serverDown: true }
const big = wireMessage('big', {
  raw: Buffer.alloc(8_000_000, `${'x'.repeat(76)}\r\n`).fill('\r\n', 7_999_998),
})

/** Takes an envelope whole, says `replies` in one packet. */
async function answerAll(talk: Talk, ...replies: string[]): Promise<void> {
  for (let count = 0; count < 3; count += 1) await talk.line()
  talk.say(...replies)
}

interface Case {
  readonly script: (talk: Talk) => Promise<void>
  readonly outcome: object
  readonly says?: RegExp
  readonly message?: typeof big
}

const cases: Readonly<Record<string, Case>> = {
  'garbage instead of a greeting': {
    script: async (talk) => talk.say('SSH-2.0-OpenSSH_9.9'),
    outcome: down,
    says: /does not speak SMTP: “SSH-2\.0-OpenSSH_9\.9”/,
  },
  'bytes that are no text': {
    script: async (talk) => void talk.socket.write(Buffer.from([0, 255, 7, 10, 13, 10, 0])),
    outcome: down,
    says: /does not speak SMTP/,
  },
  'a 421 in the packet that answers EHLO': {
    script: async (talk) => {
      talk.say('220 here')
      await talk.line()
      talk.say('250-here', '250 PIPELINING', '421 4.3.2 too busy')
    },
    outcome: down,
    says: /^421 4\.3\.2 too busy/,
  },
  'garbage in the packet that answers EHLO': {
    script: async (talk) => {
      talk.say('220 here')
      await talk.line()
      talk.say('250 here', 'and now?')
    },
    outcome: down,
    says: /does not speak SMTP: “and now\?”/,
  },
  'a greeting that drips, a line at a time': {
    script: async (talk) => {
      for (let count = 0; count < 90 && !talk.socket.destroyed; count += 1) {
        talk.say('220-wait')
        await sleep(20)
      }
      talk.say('220 here')
    },
    outcome: down,
    says: /did not answer for .* \(its greeting\)/,
  },
  'a code out of range': { script: async (talk) => talk.say('999 hello'), outcome: down },
  'a line without an end': {
    script: async (talk) => void talk.socket.write(`220 ${'x'.repeat(100_000)}`),
    outcome: down,
    says: /a line of more than 2048 octets/,
  },
  'a reply of many lines without an end': {
    script: async (talk) => {
      for (let count = 0; count < 5_000 && !talk.socket.destroyed; count += 1) talk.say('220-still here')
    },
    outcome: down,
    says: /a reply of more than 100 lines/,
  },
  'a reply whose lines do not agree': {
    script: async (talk) => talk.say('220-here', '550 or not'),
    outcome: down,
  },
  'packets of one byte': {
    script: async (talk) => {
      talk.socket.setNoDelay(true)
      const slowly = async (text: string): Promise<void> => {
        for (const character of text) {
          talk.socket.write(character)
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      await slowly('220-here\r\n220 ESMTP\r\n')
      await talk.line()
      await slowly('250-here\r\n250 PIPELINING\r\n')
      await answerAll(talk)
      await slowly('250 ok\r\n250 ok\r\n354 go on\r\n')
      await talk.content()
      await slowly('250 2.0.0 kept\r\n')
    },
    outcome: { state: 'accepted', reply: '250 2.0.0 kept' },
  },
  'replies to everything with the greeting, before anything was said': {
    script: async (talk) =>
      talk.say('220 here', '250 PIPELINING', '250 ok', '250 ok', '354 go on', '250 kept'),
    outcome: down,
    says: /answered what it was not asked/,
  },
  'a 250 for the content together with the 354': {
    script: async (talk) => {
      await welcome(talk)
      await answerAll(talk, '250 ok', '250 ok', '354 go on', '250 kept')
    },
    outcome: down,
  },
  'a 250 for the content in the middle of it, and then nothing more is read': {
    script: async (talk) => {
      await welcome(talk)
      await answerAll(talk, '250 ok', '250 ok', '354 go on')
      talk.socket.once('data', () => {
        talk.socket.pause()
        talk.say('250 kept')
      })
    },
    message: big,
    outcome: { state: 'unknown' },
  },
  'a 552 in the middle of the content': {
    script: async (talk) => {
      await welcome(talk)
      await answerAll(talk, '250 ok', '250 ok', '354 go on')
      talk.socket.once('data', () => {
        talk.socket.pause()
        talk.say('552 5.3.4 too large')
      })
    },
    message: big,
    outcome: { state: 'rejected', class: 'other', reply: '552 5.3.4 too large' },
  },
  'a 421 in the middle of the content': {
    script: async (talk) => {
      await welcome(talk)
      await answerAll(talk, '250 ok', '250 ok', '354 go on')
      talk.socket.once('data', () => {
        talk.socket.pause()
        talk.say('421 4.3.2 shutting down')
      })
    },
    message: big,
    outcome: { state: 'deferred' },
  },
  'a 421 in place of the reply to the content, and the connection closed': {
    script: async (talk) => {
      await welcome(talk)
      await takeEnvelope(talk)
      await talk.content()
      talk.say('421 4.3.2 shutting down')
      talk.socket.end()
    },
    outcome: { state: 'deferred' },
  },
  'the connection closed after the dot': {
    script: async (talk) => {
      await welcome(talk)
      await takeEnvelope(talk)
      await talk.content()
      talk.socket.end()
    },
    outcome: { state: 'unknown' },
    says: /the server closed the connection/,
  },
  'nothing read in the middle of the content': {
    script: async (talk) => {
      await welcome(talk)
      await answerAll(talk, '250 ok', '250 ok', '354 go on')
      talk.socket.pause()
    },
    message: big,
    outcome: { state: 'unknown' },
    says: /to take what was being sent/,
  },
  'a 354 to MAIL': {
    script: async (talk) => {
      await welcome(talk)
      await answerAll(talk, '354 go on', '250 ok', '250 ok')
    },
    outcome: down,
    says: /does not answer in order/,
  },
  'a 250 to DATA': {
    script: async (talk) => {
      await welcome(talk)
      await answerAll(talk, '250 ok', '250 ok', '250 ok')
    },
    outcome: down,
  },
  'a 354 for a message whose sender it refused': {
    script: async (talk) => {
      await welcome(talk)
      await answerAll(talk, '550 5.7.1 not you', '250 ok', '354 go on')
    },
    outcome: { state: 'rejected', class: 'fatal' },
    says: /^550 5\.7\.1 not you \(the server must allow the From address/,
  },
  'control characters and 2,000 letters in a reply': {
    script: async (talk) => {
      await welcome(talk)
      await answerAll(
        talk,
        '250 ok',
        `550-5.1.1 no \u001b[31m\0${'x'.repeat(1_500)}`,
        '550 5.1.1 end',
        '503 no',
      )
    },
    outcome: { state: 'rejected', class: 'address' },
    says: /^550 5\.1\.1 no +\[31m x{400,}…$/,
  },
}

describe('whatever a server says, the message ends in the right state, with one line for people', () => {
  test.concurrent.for(Object.entries(cases))('%s', async ([, each], { expect, onTestFinished }) => {
    const { script, outcome: expected, says, message = wireMessage('one') } = each
    const server = await startScriptedServer(script)
    onTestFinished(() => server.close())
    const connection = openSmtpClient(optionsFor(server.port)).connect()
    onTestFinished(() => connection.close())
    const answer = await connection.offer(envelopeOf(message))
    const outcome: Outcome = answer.state === 'ready' ? await connection.deliver(message, null) : answer
    expect(outcome).toMatchObject(expected)
    expect(outcome.reply.length).toBeLessThanOrEqual(500)
    expect(outcome.reply).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    if (says !== undefined) expect(outcome.reply).toMatch(says)
    await connection.close()
    await sleep(20)
    if (outcome.state !== 'accepted') expect(server.talks[0]?.received()).not.toMatch(/DATA\r\n\.\r\n/)
  })
})

test('a second reply to one message is not taken for the next one’s', async ({ expect, onTestFinished }) => {
  const server = await startScriptedServer(async (talk) => {
    await welcome(talk)
    await takeEnvelope(talk)
    await talk.content()
    if (talk.session === 1) {
      await answerAll(talk, '250 kept', '550 5.7.1 not kept after all', '250 ok', '250 ok', '354 go on')
      return
    }
    talk.say('250 kept')
  })
  onTestFinished(() => server.close())
  const connection = openSmtpClient(optionsFor(server.port)).connect()
  onTestFinished(() => connection.close())
  const [one, two] = [wireMessage('one'), wireMessage('two')]
  expect(await connection.offer(envelopeOf(one))).toEqual({ state: 'ready' })
  expect(await connection.deliver(one, envelopeOf(two))).toMatchObject({ state: 'accepted' })
  expect(await connection.offer(envelopeOf(two))).toEqual({ state: 'ready' })
  expect(await connection.deliver(two, null)).toMatchObject({ state: 'accepted' })
  expect(server.talks).toHaveLength(2)
})
