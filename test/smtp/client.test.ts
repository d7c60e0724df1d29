import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Connection } from '../../src/delivery/transport.ts'
import { openSmtpClient } from '../../src/smtp/client.ts'
import type { SmtpOptions } from '../../src/smtp/options.ts'
import { startScriptedServer, takeEnvelope, welcome, type Talk } from './scripted-server.ts'
import { envelopeOf, optionsFor, wireMessage } from './wire.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function serve(script: (talk: Talk) => Promise<void>, change: Partial<SmtpOptions> = {}) {
  const server = await startScriptedServer(script)
  closing.push(() => server.close())
  const transport = openSmtpClient(optionsFor(server.port, change))
  closing.push(() => transport.close())
  return { server, transport, connection: transport.connect() }
}

/** Sends messages as a lane does: each content with the envelope of the next. */
async function sendAll(connection: Connection, names: readonly string[]) {
  const outcomes = []
  const messages = names.map((name) => wireMessage(name))
  for (const [index, message] of messages.entries()) {
    const answer = await connection.offer(envelopeOf(message))
    const next = messages[index + 1]
    outcomes.push(
      answer.state === 'ready'
        ? await connection.deliver(message, next === undefined ? null : envelopeOf(next))
        : answer,
    )
  }
  return outcomes
}

describe('a server that pipelines', () => {
  test('the envelope of the next message comes in one packet with the end of the content before it', async () => {
    const contents: string[] = []
    const { connection, server } = await serve(async (talk) => {
      await welcome(talk)
      await takeEnvelope(talk)
      for (;;) {
        contents.push(await talk.content())
        // Nothing is said until the envelope is here: it must not wait for the reply.
        await sleep(20)
        talk.say('250 2.0.0 kept')
        await takeEnvelope(talk)
      }
    })
    const outcomes = await sendAll(connection, ['one', 'two', 'three'])
    expect(outcomes).toEqual(
      ['one', 'two', 'three'].map(() => ({ state: 'accepted', reply: '250 2.0.0 kept' })),
    )
    expect(contents).toEqual(['one', 'two', 'three'].map((name) => wireMessage(name).raw.toString()))
    const packets = server.talks[0]?.packets ?? []
    expect(packets.slice(1, 3)).toEqual([
      'MAIL FROM:<desk@brief.test>\r\nRCPT TO:<one@reader.test>\r\nDATA\r\n',
      `${wireMessage('one').raw.toString()}.\r\nMAIL FROM:<desk@brief.test>\r\nRCPT TO:<two@reader.test>\r\nDATA\r\n`,
    ])
  })

  test('a recipient that is refused after DATA was answered 354 costs a lone dot, never the body', async () => {
    const contents: string[] = []
    const { connection } = await serve(async (talk) => {
      await welcome(talk)
      await talk.line()
      await talk.line()
      await talk.line()
      talk.say('250 ok', '550 5.1.1 no such person', '354 go on')
      contents.push(await talk.content())
      talk.say('554 5.5.1 no valid recipients')
      for (;;) {
        await takeEnvelope(talk)
        contents.push(await talk.content())
        talk.say('250 kept')
      }
    })
    expect(await sendAll(connection, ['one', 'two', 'three'])).toMatchObject([
      { state: 'rejected', class: 'address', reply: '550 5.1.1 no such person' },
      { state: 'accepted' },
      { state: 'accepted' },
    ])
    expect(contents).toEqual(['', wireMessage('two').raw.toString(), wireMessage('three').raw.toString()])
  })

  test('a refusal that came before anybody asked is told once, and the server is not asked again', async () => {
    const { connection, server } = await serve(async (talk) => {
      await welcome(talk)
      await takeEnvelope(talk)
      await talk.content()
      talk.say('250 kept', '250 ok', '550 5.1.1 no such person', '503 5.5.1 no valid recipients')
      await talk.line()
      await talk.line()
      await talk.line()
      await takeEnvelope(talk)
      await talk.content()
      talk.say('250 kept')
    })
    const [one, two, three] = [wireMessage('one'), wireMessage('two'), wireMessage('three')]
    await connection.offer(envelopeOf(one))
    expect(await connection.deliver(one, envelopeOf(two))).toMatchObject({ state: 'accepted' })
    // By now all replies are here.
    await sleep(20)
    expect(await connection.offer(envelopeOf(two))).toMatchObject({ state: 'rejected', class: 'address' })
    expect(await connection.offer(envelopeOf(three))).toEqual({ state: 'ready' })
    expect(await connection.deliver(three, null)).toMatchObject({ state: 'accepted' })
    expect(server.talks).toHaveLength(1)
    expect(server.talks[0]?.received().match(/RCPT/g)).toHaveLength(3)
  })

  test('after a recipient was refused, and DATA with it, the transaction is reset in the same packet', async () => {
    const { connection, server } = await serve(async (talk) => {
      await welcome(talk)
      await talk.line()
      await talk.line()
      await talk.line()
      talk.say('250 ok', '450 4.7.1 greylisted', '503 5.5.1 no valid recipients')
      await takeEnvelope(talk)
      await talk.content()
      talk.say('250 kept')
    })
    expect(await sendAll(connection, ['one', 'two'])).toMatchObject([
      { state: 'deferred', serverDown: false, reply: '450 4.7.1 greylisted' },
      { state: 'accepted' },
    ])
    expect(server.talks[0]?.packets[2]).toBe(
      'RSET\r\nMAIL FROM:<desk@brief.test>\r\nRCPT TO:<two@reader.test>\r\nDATA\r\n',
    )
  })

  test('a message that is taken back once the server waits for it is never delivered, not even empty', async () => {
    const contents: string[] = []
    const { connection, server } = await serve(async (talk) => {
      await welcome(talk)
      for (;;) {
        await takeEnvelope(talk)
        contents.push(await talk.content())
        talk.say('250 kept')
      }
    })
    expect(await connection.offer(envelopeOf(wireMessage('one')))).toEqual({ state: 'ready' })
    connection.withdraw()
    const two = wireMessage('two')
    await connection.offer(envelopeOf(two))
    const delivered = connection.deliver(two, envelopeOf(wireMessage('three')))
    // Taken back while the one before it is under way: that one must not suffer.
    connection.withdraw()
    expect(await delivered).toMatchObject({ state: 'accepted' })
    expect(await sendAll(connection, ['four'])).toMatchObject([{ state: 'accepted' }])
    expect(contents).toEqual(['two', 'four'].map((name) => wireMessage(name).raw.toString()))
    // Nothing followed the DATA of those that were taken back.
    const first = 'EHLO sender.test\r\nMAIL FROM:<desk@brief.test>\r\nRCPT TO:<one@reader.test>\r\nDATA\r\n'
    expect(server.talks.map((talk) => talk.received().endsWith('DATA\r\n'))).toEqual([true, true, false])
    expect(server.talks[0]?.received()).toBe(first)
  })

  test('a connection that is dropped between two messages is opened again, and nobody hears of it', async () => {
    const contents: string[] = []
    const { connection, server } = await serve(async (talk) => {
      await welcome(talk)
      await takeEnvelope(talk)
      contents.push(await talk.content())
      talk.say('250 kept')
      // RFC 5321 §3.8: enough for one session. The envelope of the next message is under way.
      talk.say('421 4.7.0 too many messages in this session')
      talk.socket.end()
    })
    const outcomes = await sendAll(connection, ['one', 'two', 'three'])
    expect(outcomes.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(contents).toHaveLength(3)
    expect(server.talks).toHaveLength(3)
  })

  test('a connection is left with QUIT after its messages, and after it has been idle', async () => {
    const { connection, server } = await serve(
      async (talk) => {
        await welcome(talk)
        while ((await Promise.race([takeEnvelope(talk), sleep(400, ['', '', ''])]))[2] === 'DATA') {
          await talk.content()
          talk.say('250 kept')
        }
      },
      { messagesPerConnection: 2, idle: 150, timeouts: { connect: 500, reply: 1_000, quit: 50 } },
    )
    await sendAll(connection, ['one', 'two', 'three'])
    expect(server.talks).toHaveLength(2)
    expect(server.talks[0]?.received()).toMatch(/\r\nQUIT\r\n$/)
    await sleep(400)
    await sendAll(connection, ['four'])
    expect(server.talks).toHaveLength(3)
    await connection.close()
    expect(server.talks[2]?.received()).toMatch(/\r\nQUIT\r\n$/)
  })
})

describe('a server that does not pipeline', () => {
  test.each([
    ['EHLO', ['SIZE 1000000']],
    ['only HELO', null],
  ])('%s: it never sees a command before its reply to the one before', async (_, offers) => {
    const early: string[] = []
    const contents: string[] = []
    const { connection } = await serve(async (talk) => {
      const reply = async (...lines: string[]): Promise<void> => {
        await sleep(5)
        if (talk.hasMore()) early.push(talk.received())
        talk.say(...lines)
      }
      await reply('220 here')
      await talk.line()
      if (offers === null) {
        await reply('502 5.5.1 what?')
        expect(await talk.line()).toBe('HELO sender.test')
      }
      await reply(...(offers === null ? ['250 here'] : ['250-here', ...offers.map((each) => `250 ${each}`)]))
      for (;;) {
        for (const answer of ['250 ok', '250 ok', '354 go on']) {
          await talk.line()
          await reply(answer)
        }
        contents.push(await talk.content())
        await reply('250 kept')
      }
    })
    const outcomes = await sendAll(connection, ['one', 'two', 'three'])
    expect(outcomes.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(contents).toEqual(['one', 'two', 'three'].map((name) => wireMessage(name).raw.toString()))
    expect(early).toEqual([])
  })
})

describe('what a server offers', () => {
  test('SIZE and DSN are used: size, headers only, the envelope id, the original recipient', async () => {
    const envelopes: (readonly string[])[] = []
    const { connection } = await serve(async (talk) => {
      await welcome(talk, ['PIPELINING', 'SIZE 2000000', 'DSN'])
      envelopes.push(await takeEnvelope(talk))
      await talk.content()
      talk.say('250 kept')
    })
    const message = wireMessage('one', { to: 'o+n=e@reader.test' })
    await connection.offer(envelopeOf(message))
    expect(await connection.deliver(message, null)).toMatchObject({ state: 'accepted' })
    expect(envelopes).toEqual([
      [
        `MAIL FROM:<desk@brief.test> SIZE=${message.raw.length} RET=HDRS ENVID=+3Cone@brief.test+3E`,
        'RCPT TO:<o+n=e@reader.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;o+2Bn+3De@reader.test',
        'DATA',
      ],
    ])
  })

  test('a message above the limit of the server is refused before it hears of it', async () => {
    const { connection, server } = await serve((talk) => welcome(talk, ['PIPELINING', 'SIZE 1000']))
    expect(await sendAll(connection, ['one'])).toEqual([
      {
        state: 'rejected',
        class: 'fatal',
        reply: `not sent: the message has ${wireMessage('one').raw.length} octets and the server takes 1000: make the issue shorter`,
      },
    ])
    expect(server.talks[0]?.received()).not.toContain('MAIL')
  })

  test('an address that needs SMTPUTF8 is refused without it, and sent with it', async () => {
    const message = wireMessage('one', { to: 'jürgen@reader.test' })
    const without = await serve((talk) => welcome(talk))
    expect(await without.connection.offer(envelopeOf(message))).toMatchObject({
      state: 'rejected',
      class: 'other',
      reply: expect.stringContaining('the address needs SMTPUTF8'),
    })
    let envelope: readonly string[] = []
    const { connection } = await serve(async (talk) => {
      await welcome(talk, ['PIPELINING', '8BITMIME', 'SMTPUTF8'])
      envelope = await takeEnvelope(talk)
      await talk.content()
      talk.say('250 kept')
    })
    await connection.offer(envelopeOf(message))
    expect(await connection.deliver(message, null)).toMatchObject({ state: 'accepted' })
    expect(envelope.map((line) => Buffer.from(line, 'latin1').toString())).toEqual([
      'MAIL FROM:<desk@brief.test> SMTPUTF8 BODY=8BITMIME',
      'RCPT TO:<jürgen@reader.test>',
      'DATA',
    ])
  })

  test.each([
    ['jürgen@brief.test', 'the return address needs SMTPUTF8'],
    ['desk@brief.test> SIZE=1', 'the return address cannot be written'],
  ])('of the return address %s no reader is to blame', async (from, says) => {
    const { connection } = await serve((talk) => welcome(talk))
    expect(await connection.offer(envelopeOf(wireMessage('one', { from })))).toMatchObject({
      state: 'rejected',
      class: 'fatal',
      reply: expect.stringContaining(says),
    })
  })

  test('a domain beyond ASCII needs no SMTPUTF8', async () => {
    let envelope: readonly string[] = []
    const { connection } = await serve(async (talk) => {
      await welcome(talk)
      envelope = await takeEnvelope(talk)
    })
    await connection.offer(envelopeOf(wireMessage('one', { to: 'ada@bücher.test' })))
    expect(envelope[1]).toBe('RCPT TO:<ada@xn--bcher-kva.test>')
  })

  test.each([
    ['a line end', 'ada@reader.test>\r\nRCPT TO:<eve@reader.test'],
    ['a NUL', 'ada\0@reader.test'],
    ['angle brackets', 'ada@reader.test> NOTIFY=NEVER <'],
    ['nothing before the @', '@reader.test'],
    ['300 characters', `${'a'.repeat(300)}@reader.test`],
    ['an open quotation', '"ada@reader.test'],
  ])('an address with %s never reaches the server', async (_, to) => {
    const { connection, server } = await serve((talk) => welcome(talk))
    expect(await connection.offer(envelopeOf(wireMessage('one', { to })))).toMatchObject({
      state: 'rejected',
      class: 'other',
    })
    expect(server.talks[0]?.received()).toMatch(/^EHLO sender\.test\r\n$/)
  })
})

test('a message alone is stuffed and ended as SMTP asks, and arrives as it was', async () => {
  const contents: string[] = []
  const { transport, server } = await serve(async (talk) => {
    await welcome(talk, ['PIPELINING', '8BITMIME'])
    for (;;) {
      await takeEnvelope(talk)
      contents.push(await talk.content())
      talk.say('250 kept')
    }
  })
  const raw = Buffer.from('Subject: x\r\n\r\n.\r\n..two\r\nGrüße')
  expect(await transport.send(wireMessage('one', { raw }))).toMatchObject({ state: 'accepted' })
  expect(await transport.send(wireMessage('two'))).toMatchObject({ state: 'accepted' })
  expect(Buffer.from(contents[0] ?? '', 'latin1').toString()).toBe(
    'Subject: x\r\n\r\n..\r\n...two\r\nGrüße\r\n',
  )
  expect(server.talks).toHaveLength(1)
  expect(server.talks[0]?.received()).toContain('MAIL FROM:<desk@brief.test> BODY=8BITMIME\r\n')
})
