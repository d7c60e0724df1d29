import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { Resolver } from 'node:dns/promises'
import { onTestFinished } from 'vitest'

/** What a name has; `fail` answers SERVFAIL, `silent` nothing at all. */
export type Zone = Map<string, readonly ZoneRecord[] | 'fail' | 'silent'>

export type ZoneRecord =
  | { readonly type: 'TXT'; readonly strings: readonly string[] }
  | { readonly type: 'MX'; readonly priority: number; readonly host: string }
  | { readonly type: 'A'; readonly address: string }

const codes = { A: 1, MX: 15, TXT: 16 } as const

/** A DNS server on loopback (RFC 1035 over UDP) until the test ends, and a resolver that asks it. */
export async function serveZone(zone: Zone): Promise<Resolver> {
  const socket = createSocket('udp4')
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const answer = respond(query, zone)
    if (answer !== null) socket.send(answer, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  const resolver = new Resolver({ timeout: 300, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return resolver
}

function respond(query: Buffer, zone: Zone): Buffer | null {
  const { name, end } = readName(query, 12)
  const wanted = query.readUInt16BE(end)
  const known = zone.get(name.toLowerCase())
  if (known === 'silent') return null
  const records = recordsOf(known).filter(({ type }) => codes[type] === wanted)
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  // An authoritative answer: no error, SERVFAIL or NXDOMAIN.
  header.writeUInt16BE(0x8580 | (known === 'fail' ? 2 : known === undefined ? 3 : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  return Buffer.concat([header, query.subarray(12, end + 4), ...records.map(answerOf)])
}

function recordsOf(known: ReturnType<Zone['get']>): readonly ZoneRecord[] {
  return known === undefined || known === 'fail' || known === 'silent' ? [] : known
}

function answerOf(record: ZoneRecord): Buffer {
  const data = dataOf(record)
  const head = Buffer.alloc(12)
  // The name of the question, by a pointer to it.
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(codes[record.type], 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function dataOf(record: ZoneRecord): Buffer {
  switch (record.type) {
    case 'TXT':
      return Buffer.concat(
        record.strings.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])),
      )
    case 'MX': {
      const labels = record.host.split('.').filter((each) => each !== '')
      const host = labels.map((each) => Buffer.concat([Buffer.from([each.length]), Buffer.from(each)]))
      return Buffer.concat([Buffer.from([0, record.priority]), ...host, Buffer.from([0])])
    }
    case 'A':
      return Buffer.from(record.address.split('.').map(Number))
  }
}

function readName(query: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = start
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 1 }
}

/** Publishes lines of a zone file, as an operator pastes them. */
export function publish(zone: Zone, lines: readonly string[]): void {
  for (const line of lines) {
    const [, name = '', type = '', data = ''] = /^(\S+)\. \d+ IN (TXT|MX) (.*)$/.exec(line) ?? []
    const [priority, host = ''] = data.split(' ')
    const record: ZoneRecord =
      type === 'TXT'
        ? { type, strings: [...data.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text) }
        : { type: 'MX', priority: Number(priority), host: host.replace(/\.$/, '') }
    const known = zone.get(name)
    zone.set(name, [...recordsOf(known), record])
    if (record.type === 'MX') zone.set(record.host, [{ type: 'A', address: '192.0.2.1' }])
  }
}

export const txt = (...strings: readonly string[]): ZoneRecord => ({ type: 'TXT', strings })
