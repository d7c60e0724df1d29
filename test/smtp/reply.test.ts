import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readable, ReplyReader, type Reply } from '../../src/smtp/reply.ts'

function read(packets: readonly Buffer[]): {
  readonly replies: readonly Reply[]
  readonly wrong: string | null
} {
  const reader = new ReplyReader()
  const replies: Reply[] = []
  for (const packet of packets) {
    const memory = Buffer.from(packet)
    const wrong = reader.read(memory, (reply) => replies.push(reply) > 0)
    // Sockets use their memory again: nothing may be kept of it.
    memory.fill('#')
    if (wrong !== null) return { replies, wrong }
  }
  return { replies, wrong: null }
}

function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b)
  return [...ends, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}

const replyArbitrary = fc.record({
  code: fc.integer({ min: 200, max: 599 }),
  lines: fc.array(fc.stringMatching(/^[ -~äß€]{0,40}$/u), { minLength: 1, maxLength: 6 }),
})

describe('replies', () => {
  test('come out the same however they are cut into packets', () => {
    fc.assert(
      fc.property(
        fc.array(replyArbitrary, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (given, places) => {
          const wanted = given.map(({ code, lines }) => ({
            code,
            text: lines
              .map((line, index) => `${code}${index + 1 < lines.length ? '-' : ' '}${line}`)
              .join('\n'),
          }))
          const wire = Buffer.from(wanted.map(({ text }) => `${text.replaceAll('\n', '\r\n')}\r\n`).join(''))
          expect(read(cut(wire, places))).toEqual({ replies: wanted, wrong: null })
          expect(read(Array.from(wire, (octet) => Buffer.from([octet])))).toEqual({
            replies: wanted,
            wrong: null,
          })
        },
      ),
    )
  })

  test('of any bytes, nothing comes out but codes from 200 to 599, and the cuts make no difference', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .array(fc.constantFrom('250', '-', ' ', '\r\n', '\n', '\r', '99', '5', '\0', 'ok', '\u00e4'), {
          maxLength: 60,
        })
        .map((parts) => Buffer.from(parts.join(''))),
    )
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 20 }), (given, places) => {
        const whole = read([Buffer.from(given)])
        for (const { code } of whole.replies) expect(code >= 200 && code <= 599).toBe(true)
        expect(read(cut(Buffer.from(given), places))).toEqual(whole)
      }),
    )
  })

  test('are bounded: a line, and the lines of one reply', () => {
    expect(read([Buffer.from(`250 ${'x'.repeat(5_000)}`)]).wrong).toMatch(/a line of more than 2048 octets/)
    expect(read([Buffer.from(`250 ${'x'.repeat(5_000)}\r\n`)]).wrong).toMatch(/a line of 5004 octets/)
    expect(read([Buffer.from('250-x\r\n'.repeat(101))]).wrong).toMatch(/a reply of more than 100 lines/)
    expect(read([Buffer.from('250-a\r\n251 b\r\n')]).wrong).toBe('“251 b”')
  })

  test('are told to people on one line, without control characters, in 500 characters at most', () => {
    expect(readable('550-5.1.1 No such\n550-5.1.1 person\n550 5.1.1 here')).toBe(
      '550 5.1.1 No such person here',
    )
    expect(readable('550 a\u0000\u001b[31m\u202eb')).toBe('550 a [31m b')
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000, unit: 'binary' }), (text) => {
        expect(readable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(readable(text).length).toBeLessThanOrEqual(500)
      }),
    )
  })
})
