import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transformer } from '@napi-rs/image'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readImageHeader } from '../../src/issue/image-format.ts'
import { prepareImage } from '../../src/issue/image.ts'
import type { KeptImage } from '../../src/studio/contract/draft.ts'
import type { Failure } from '../../src/studio/contract/failure.ts'
import { chunk, png } from '../issue/rich-issue.ts'
import { openBed, type StudioBed } from './bed.ts'

let bed: StudioBed
beforeAll(async () => {
  bed = await openBed({
    prepare: async (dir) => {
      await writeFile(join(dir, 'briefs', 'alone.md'), '---\ntitle: T\n---\n')
      await mkdir(join(dir, 'briefs', 'linked'))
      await writeFile(join(dir, 'briefs', 'linked', 'issue.md'), '---\nsubject: S\n---\n')
      await mkdir(join(dir, 'outside'))
      await symlink(join(dir, 'outside'), join(dir, 'briefs', 'linked', 'images'))
    },
  })
})
afterAll(() => bed.close())

const folder = (): string => join(bed.dir, 'briefs/2025-w46/images')

async function keep(name: string, bytes: Uint8Array, issue = '2025-w46') {
  const answer = await bed.ask(`/api/issues/${issue}/images?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body: new Uint8Array(bytes),
  })
  return { status: answer.status, body: (await answer.json()) as KeptImage & Failure }
}

describe('a picture that is put into a text', () => {
  test('is kept beside it: as wide as a mail needs, without where it was taken, under a plain name', async () => {
    const big = png(3_000, 40, 7, [chunk('tEXt', Buffer.from('GPS\x0035.8989 N'))])
    const { body } = await keep('Häfen & Möwen (2).PNG', big)
    expect(body).toMatchObject({ path: 'images/hafen-mowen-2.png', width: 600, sentBytes: big.length })
    const bytes = await readFile(join(folder(), 'hafen-mowen-2.png'))
    expect(bytes.length).toBe(body.bytes)
    expect(readImageHeader(bytes)?.size).toEqual({ width: 1_200, height: 16 })
    expect(bytes.includes('35.8989')).toBe(false)
    // The build takes it as it is.
    const again = await prepareImage('x.png', bytes, null)
    expect(again.ok && Buffer.from(again.image.bytes).equals(bytes)).toBe(true)
    expect((await readdir(folder())).filter((each) => each.startsWith('.'))).toEqual([])
  })

  test('in WebP becomes one that mail programs show, named for what it is', async () => {
    const { body } = await keep('photo.webp', await new Transformer(png(40, 20, 1)).webp())
    expect(body.path).toMatch(/^images\/photo\.(?:png|jpg)$/u)
  })

  test('never takes the place of another; the same one is kept once', async () => {
    const first = (await keep('chart.png', png(10, 10, 1))).body.path
    const other = (await keep('chart.png', png(10, 10, 2))).body.path
    expect([first, other]).toEqual(['images/chart.png', 'images/chart-2.png'])
    expect((await keep('Chart.png', png(10, 10, 1))).body.path).toBe('images/chart.png')
    expect((await keep('chart.png', png(10, 10, 2))).body.path).toBe('images/chart-2.png')
  })

  test('that comes many times at once is kept under as many names', async () => {
    const all = await Promise.all([3, 4, 5, 6, 7, 8].map((seed) => keep('storm.png', png(8, 8, seed))))
    expect(new Set(all.map(({ body }) => body.path)).size).toBe(6)
  })

  test.each([
    ['../../../../etc/passwd.png', 'images/passwd.png'],
    ['..\\..\\evil.png', 'images/evil.png'],
    ['.htaccess', 'images/htaccess.png'],
    ['\0.png', 'images/picture.png'],
    ['', 'images/picture-2.png'],
    [`${'long '.repeat(80)}.png`, 'images/long-long-long-long-long-long-long-long-long-long-long-long.png'],
  ])('called %j stays in its folder', async (name, path) => {
    const { status, body } = await keep(name, png(6, 6, name.length))
    expect([status, body.path]).toEqual([200, path])
    await stat(join(bed.dir, 'briefs/2025-w46', path))
  })

  test('of an issue in one file is named by the issue, since others share the folder', async () => {
    expect((await keep('a.png', png(6, 6, 1), 'alone')).body.path).toBe('images/alone-a.png')
    await stat(join(bed.dir, 'briefs/images/alone-a.png'))
  })

  test.each([
    [
      'an SVG drawing',
      Buffer.from('<?xml version="1.0"?>\n<svg onload="alert(1)"/>'),
      /SVG.*Save it as PNG\./su,
    ],
    ['no picture', Buffer.from('hello'), /not a JPEG, PNG or GIF image\. Save it as JPEG or PNG\./u],
    ['nothing', Buffer.alloc(0), /not a JPEG/u],
    [
      'more than 20 MB',
      Buffer.alloc(20 * 1024 * 1024 + 1),
      /larger than 20 MB\. Save a smaller copy of it\./u,
    ],
    ['a damaged picture', png(2_000, 20, 1).subarray(0, 200), /damaged/u],
  ])('that is %s is refused in a sentence, and nothing is written', async (_, bytes, words) => {
    const before = await readdir(folder())
    const { status, body } = await keep('bad.png', bytes)
    expect(status).toBe(409)
    expect(`${body.error.message} ${body.error.hint}`).toMatch(words)
    expect(await readdir(folder())).toEqual(before)
  })

  test('is kept in no folder that is a link, and for no issue that is none', async () => {
    expect((await keep('a.png', png(6, 6, 1), 'linked')).status).toBe(409)
    expect(await readdir(join(bed.dir, 'outside'))).toEqual([])
    expect((await keep('a.png', png(6, 6, 1), '..%2f..')).status).toBe(404)
  })
})
