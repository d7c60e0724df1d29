import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transformer } from '@napi-rs/image'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createImageCache } from '../../src/issue/image-cache.ts'
import { readImageHeader } from '../../src/issue/image-format.ts'
import { prepareImage } from '../../src/issue/image.ts'
import type { IssueImage } from '../../src/issue/issue.ts'
import { chunk, png } from './rich-issue.ts'

const PLACE = 'GPS 35.8989 N 14.5146 E'

async function jpeg(width: number, height: number): Promise<Buffer> {
  return await new Transformer(png(width, height, 7)).jpeg(80)
}

/** With an EXIF segment of that orientation, a comment, and a second picture after the end. */
function withMetadata(picture: Buffer, orientation: number): Buffer {
  const tiff = Buffer.alloc(26)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(1, 8)
  tiff.writeUInt16BE(0x0112, 10)
  tiff.writeUInt16BE(3, 12)
  tiff.writeUInt32BE(1, 14)
  tiff.writeUInt16BE(orientation, 18)
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from(PLACE)])
  return Buffer.concat([
    picture.subarray(0, 2),
    segment(0xe1, exif),
    segment(0xfe, Buffer.from(PLACE)),
    picture.subarray(2),
    Buffer.from(PLACE),
  ])
}

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

function gif(width: number, height: number, frames: number): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1')
  head.writeUInt16LE(width, 6)
  head.writeUInt16LE(height, 8)
  const frame = Buffer.from([0x21, 0xf9, 4, 0, 1, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0])
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])])
}

async function prepared(source: Uint8Array): Promise<IssueImage> {
  const result = await prepareImage('a/b.png', source, null)
  if (!result.ok) throw new Error(result.message)
  return result.image
}

async function refused(source: Uint8Array): Promise<string> {
  const result = await prepareImage('a/b.png', source, null)
  return result.ok ? 'taken' : result.message
}

describe('an image', () => {
  test('that is small and clean is kept byte for byte, under a name made of its bytes', async () => {
    const source = png(300, 150, 1)
    const image = await prepared(source)
    expect(Buffer.from(image.bytes).equals(source)).toBe(true)
    expect(image).toMatchObject({ file: 'a/b.png', mediaType: 'image/png', width: 300, height: 150 })
    expect(image.name).toMatch(/^[0-9a-f]{32}\.png$/)
  })

  test('between one and two columns wide is kept, and shown at the column’s width', async () => {
    const image = await prepared(await jpeg(900, 300))
    expect(image).toMatchObject({ mediaType: 'image/jpeg', width: 600, height: 200 })
    expect(readImageHeader(image.bytes)?.size).toEqual({ width: 900, height: 300 })
  })

  test('that is wider is scaled down, always to the same bytes', async () => {
    const source = await jpeg(1600, 800)
    const image = await prepared(source)
    expect(readImageHeader(image.bytes)?.size).toEqual({ width: 1200, height: 600 })
    expect((await prepared(source)).name).toBe(image.name)
  })

  test('loses the place where it was taken, without being encoded again', async () => {
    const picture = await jpeg(300, 200)
    const image = await prepared(withMetadata(picture, 1))
    expect(Buffer.from(image.bytes).includes('GPS')).toBe(false)
    expect(Buffer.from(image.bytes).equals(picture)).toBe(true)
  })

  test.each([
    [6, { width: 200, height: 300 }],
    [3, { width: 300, height: 200 }],
  ])('that a camera held turned (%i) stands upright and loses its metadata', async (orientation, size) => {
    const image = await prepared(withMetadata(await jpeg(300, 200), orientation))
    expect(readImageHeader(image.bytes)).toMatchObject({ size, orientation: 1 })
    expect(Buffer.from(image.bytes).includes('GPS')).toBe(false)
  })

  test('in PNG loses its texts', async () => {
    const image = await prepared(png(30, 20, 1, [chunk('tEXt', Buffer.from(`Comment\0${PLACE}`))]))
    expect(Buffer.from(image.bytes).equals(png(30, 20, 1))).toBe(true)
  })

  test('in GIF loses comments and a program’s notes, and still repeats', async () => {
    const plain = gif(20, 10, 2)
    const repeats = Buffer.from('\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0', 'latin1')
    const note = (start: string): Buffer =>
      Buffer.from(`\x21${start}${String.fromCharCode(PLACE.length)}${PLACE}\0`, 'latin1')
    const head = plain.subarray(0, 19)
    const noted = [
      head,
      repeats,
      note('\xfe'),
      note('\xff\x0bXMP DataXMP'),
      plain.subarray(19),
      Buffer.from(PLACE),
    ]
    const image = await prepared(Buffer.concat(noted))
    expect(Buffer.from(image.bytes).equals(Buffer.concat([head, repeats, plain.subarray(19)]))).toBe(true)
  })

  test.each(['webp', 'avif'] as const)('in %s becomes one that every mail program shows', async (format) => {
    const image = await prepared(await new Transformer(png(40, 20, 1))[format]())
    expect(image.mediaType).toMatch(/^image\/(png|jpeg)$/)
    expect(image).toMatchObject({ width: 40, height: 20 })
  })

  test('that is a small animation is kept as it is', async () => {
    const source = gif(20, 10, 2)
    expect(readImageHeader(source)).toMatchObject({ format: 'gif', animated: true })
    expect(Buffer.from((await prepared(source)).bytes).equals(source)).toBe(true)
    expect(readImageHeader(gif(20, 10, 1))).toMatchObject({ animated: false })
  })

  test('that cannot be used says why', async () => {
    expect(await refused(Buffer.alloc(11 * 1024 * 1024))).toMatch(/larger than 10 MB/)
    expect(await refused(Buffer.from('<svg/>'))).toMatch(/not a JPEG, PNG or GIF/)
    expect(await refused(Buffer.alloc(0))).toMatch(/not a JPEG, PNG or GIF/)
    expect(await refused(png(2000, 20, 1).subarray(0, 200))).toMatch(/damaged/)
    expect(await refused(Buffer.concat([gif(20, 10, 2), Buffer.alloc(1024 * 1024)]))).toMatch(/animation/)
    const bomb = png(4, 4, 1)
    bomb.writeUInt32BE(60_000, 16)
    bomb.writeUInt32BE(60_000, 20)
    expect(await refused(bomb)).toMatch(/60 million pixels/)
  })

  test('whatever its bytes, is taken or refused', async () => {
    const originals = [
      png(30, 20, 1),
      withMetadata(await jpeg(30, 20), 6),
      gif(20, 10, 2),
      await jpeg(1300, 4),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.nat(400),
        fc.uint8Array({ maxLength: 8 }),
        fc.nat(20),
        async (original, at, put, cut) => {
          const source = Buffer.concat([original.subarray(0, at), put, original.subarray(at + cut)])
          const result = await prepareImage('a/b.png', source, null)
          expect(result.ok ? result.image.bytes.length : result.message.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('the cache of images', () => {
  test('gives a redrawn image back, and survives what is damaged in it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'onrecord-images-'))
    const cache = createImageCache(join(folder, 'images'))
    const source = await jpeg(1400, 100)
    const first = await prepareImage('a.jpg', source, cache)
    const [entry = ''] = readdirSync(join(folder, 'images'))
    const second = await prepareImage('a.jpg', source, cache)
    expect(second).toEqual(first)
    writeFileSync(join(folder, 'images', entry), 'damaged')
    expect(await prepareImage('a.jpg', source, cache)).toEqual(first)
    expect(await cache.get('unknown')).toBeNull()
    rmSync(folder, { recursive: true, force: true })
  })
})
