import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asFileTrouble } from '../../src/cli/file-trouble.ts'
import { OnrecordError } from '../../src/core/errors.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-trouble-'))
  await writeFile(join(dir, 'afile'), '')
})
afterAll(() => rm(dir, { recursive: true }))

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

test('a folder wanted below a file, a missing file and a folder in a file’s place each name their path and a next step', async () => {
  for (const [path, work] of [
    [join(dir, 'afile/x'), mkdir(join(dir, 'afile/x'), { recursive: true })],
    [join(dir, 'afile'), mkdir(join(dir, 'afile'))],
    [join(dir, 'nope/x.csv'), readFile(join(dir, 'nope/x.csv'))],
  ] as const) {
    const trouble = asFileTrouble(await thrownBy(work))
    expect(trouble, path).toBeInstanceOf(OnrecordError)
    expect(trouble?.code).toBe('io')
    expect(trouble?.message).toContain(path)
    expect(trouble?.hint).toMatch(/\w/)
  }
})

test('a move that fails names where it was to go', async () => {
  const trouble = asFileTrouble(await thrownBy(rename(join(dir, 'afile'), join(dir, 'nope/afile'))))
  expect(trouble?.message).toBe(`${join(dir, 'nope/afile')} is not there, or its folder is not.`)
})

test('what is no trouble with a file stays what it is', async () => {
  const refused = await thrownBy(fetch('http://127.0.0.1:1/'))
  for (const error of [
    refused,
    new Error('a bug'),
    new OnrecordError('io', 'said already'),
    Object.assign(new Error('listen'), { code: 'EADDRINUSE', path: '/s' }),
    'words',
    null,
  ])
    expect(asFileTrouble(error)).toBeNull()
})
