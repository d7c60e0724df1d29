// An SMTP server in a process of its own that writes down what it took, so that a test can hold a sender to it, and
// that does wrong what it is told to: `<options as JSON>`. Tells its port to its parent, and its log when asked.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { faultsAt, refusalsAt, seeded, type Fault, type Stage } from './faults.ts'
import { SessionInput } from './session-input.ts'
import type { Handled, SinkOptions } from './start-sink.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as SinkOptions
const { faultRate = 0, lateAfter = 0, thinking = 0, seed = 1 } = options
const random = seeded(seed)
const log: Handled[] = []
let taken = 0
/** How often each fault of each stage was met. */
const done = new Map<string, number>()

const server = createServer({ noDelay: true }, (socket) => void converse(socket, new SessionInput(socket)))
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('message', (asked) => {
  if (asked === 'count') process.send?.(taken)
  else process.send?.(asked === 'log' ? log : [...done.keys()])
})
process.on('disconnect', () => process.exit(0))

/** The fault of this stage, mostly none; its faults come in turn, so that each has its day. */
function faultAt(stage: Stage): Fault | null {
  const faults = faultsAt[stage]
  // A connection carries many messages: what happens once in its life is made as likely as the rest.
  const rate = stage === 'connect' || stage === 'ehlo' ? 5 * faultRate : faultRate
  if (random() >= rate * faults.length) return null
  const before = faults.map((fault) => done.get(`${stage}: ${fault}`) ?? 0)
  const fault = faults[before.indexOf(Math.min(...before))] ?? 'drop'
  done.set(`${stage}: ${fault}`, Math.min(...before) + 1)
  return fault
}

/** One connection; ends when the client has gone, or was left. */
async function converse(socket: Socket, input: SessionInput): Promise<void> {
  let [sender, recipient] = ['', '']
  /** Says `reply`, or what a fault makes of it: 'left' when the connection is over, 'no' when it was refused. */
  const answer = async (stage: Stage, reply: string): Promise<'yes' | 'no' | 'left'> => {
    const fault = faultAt(stage)
    switch (fault) {
      case null:
        socket.write(`${reply}\r\n`)
        return 'yes'
      case 'late':
        await sleep(lateAfter)
        if (!input.ended) socket.write(`${reply}\r\n`)
        return input.ended ? 'left' : 'yes'
      case '4xx':
      case '5xx':
        socket.write(`${refusalsAt[stage][fault]}\r\n`)
        if (stage === 'rcpt' || stage === 'data')
          log.push({ messageId: null, to: recipient, stage, end: fault === '4xx' ? 'deferred' : 'refused' })
        if (stage === 'connect') socket.end()
        return stage === 'connect' ? 'left' : 'no'
      case '421':
        socket.end('421 4.3.2 closing\r\n')
        return 'left'
      case 'drop':
      case 'take and drop':
        socket.destroy()
        return 'left'
    }
  }

  if ((await answer('connect', '220 sink.test ESMTP')) === 'left') return
  for (;;) {
    const line = await input.line()
    if (line === null) return void socket.destroy()
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') {
      const extensions = [
        'sink.test',
        'PIPELINING',
        'SIZE 52428800',
        '8BITMIME',
        'ENHANCEDSTATUSCODES',
        'SMTPUTF8',
      ]
      const said = extensions.map((each, at) => `250${at < extensions.length - 1 ? '-' : ' '}${each}`)
      if ((await answer('ehlo', said.join('\r\n'))) === 'left') return
    } else if (verb === 'MAIL') {
      const said = await answer('mail', '250 2.1.0 ok')
      if (said === 'left') return
      sender = said === 'yes' ? addressOf(line) : ''
      recipient = ''
    } else if (verb === 'RCPT') {
      if (sender === '') socket.write('503 5.5.1 MAIL first\r\n')
      else {
        recipient = addressOf(line)
        const said = await answer('rcpt', '250 2.1.5 ok')
        if (said === 'left') return
        if (said === 'no') recipient = ''
      }
    } else if (verb === 'DATA') {
      // RFC 2920 §3.1: without a recipient a server may refuse DATA, or ask for a content all the same.
      if (recipient === '' && random() < 0.5) socket.write('503 5.5.1 RCPT first\r\n')
      else {
        const said = recipient === '' ? 'yes' : await answer('data', '354 go on')
        if (said === 'left') return
        if (recipient === '') socket.write('354 go on\r\n')
        if (said === 'yes' && !(await take(socket, input, recipient))) return
      }
      sender = ''
    } else if (verb === 'QUIT') {
      return void socket.end('221 2.0.0 bye\r\n')
    } else {
      if (verb === 'RSET') sender = ''
      socket.write('250 2.0.0 ok\r\n')
    }
  }
}

/** The content and its dot. False: the connection is over. */
async function take(socket: Socket, input: SessionInput, to: string): Promise<boolean> {
  const note = (messageId: string | null, end: Handled['end']): void => {
    if (end === 'taken' || end === 'taken silently') taken++
    log.push({ messageId, to, stage: 'dot', end })
  }
  if (to !== '' && faultAt('body') !== null) {
    if (await input.begun()) note(null, 'silent')
    socket.destroy()
    return false
  }
  const content = await input.content()
  if (content === null) {
    // A message that was taken back, or a client that died before its content.
    if (to !== '' && input.hasSome) note(null, 'silent')
    return false
  }
  if (to === '') {
    // Only the lone dot may come here.
    if (content.length > 0) note(idOf(content), 'content without a recipient')
    socket.write('554 5.5.1 no recipients\r\n')
    return true
  }
  if (thinking > 0) await sleep(random() * thinking)
  const fault = faultAt('dot')
  const id = idOf(content)
  switch (fault) {
    case null:
      note(id, 'taken')
      socket.write('250 2.0.0 taken\r\n')
      return true
    case 'late':
      await sleep(lateAfter)
      note(id, input.ended ? 'taken silently' : 'taken')
      if (!input.ended) socket.write('250 2.0.0 taken\r\n')
      return !input.ended
    case '4xx':
    case '5xx':
      note(id, fault === '4xx' ? 'deferred' : 'refused')
      socket.write(`${refusalsAt.dot[fault]}\r\n`)
      return true
    case '421':
      note(id, 'deferred')
      socket.end('421 4.3.2 closing\r\n')
      return false
    case 'drop':
    case 'take and drop':
      note(id, fault === 'drop' ? 'silent' : 'taken silently')
      socket.destroy()
      return false
  }
}

function addressOf(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? ''
}

function idOf(content: Buffer): string | null {
  const head = content.subarray(0, 16_384).toString('latin1')
  return /^Message-ID:\s*(<[^>]+>)/im.exec(head)?.[1] ?? null
}
