import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { forgetInOutbox } from '../../src/outbox/forget.ts'
import { openKeeper } from '../../src/outbox/keep.ts'

const isAda = (address: string): boolean => address.toLowerCase() === 'ada@example.org'

async function* message(to: string, id: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(
    `From: <desk@example.org>\r\nTo: ${to}\r\nMessage-ID: <${id}@x>\r\n\r\nTo: ada@example.org\r\n`,
  )
}

test('the messages of the outbox to an erased address are deleted, every copy, and nobody else’s', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-outbox-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const keeper = await openKeeper(dir)
  const tos = [
    ...[
      'ada@example.org',
      'ADA@example.org',
      '<Ada@Example.org>',
      '"Ada, of Elm Street"\r\n <ada@example.org>',
    ],
    ...['bob@example.org', 'lada@example.org', '"ada@example.org" <bob@example.org>'],
  ]
  for (const [index, to] of tos.entries()) await keeper.keep(message(to, `m${index}`))
  await keeper.close()
  expect(await forgetInOutbox(dir, isAda)).toBe(4)
  expect(
    readdirSync(dir)
      .filter((name) => name.endsWith('.eml'))
      .map((name) => name.slice(9, 11)),
  ).toEqual([...['m4', 'm5', 'm6']])
  expect(await forgetInOutbox(dir, isAda)).toBe(0)
})

test('a message that cannot be read is passed over by nobody', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-outbox-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const keeper = await openKeeper(dir)
  const name = await keeper.keep(message('ada@example.org', 'm1'))
  await keeper.close()
  rmSync(join(dir, name))
  symlinkSync(name, join(dir, name))
  await expect(forgetInOutbox(dir, isAda)).rejects.toThrow('ELOOP')
})

test('where there is no outbox there is nothing to delete', async () => {
  expect(await forgetInOutbox(join(tmpdir(), 'onrecord-no-outbox'), isAda)).toBe(0)
})
