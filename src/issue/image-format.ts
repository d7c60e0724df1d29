/** The formats that mail programs show, and those that are converted to one of them. */
export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif'

/** What the first bytes of an image say. */
export interface ImageHeader {
  readonly format: ImageFormat
  /** Pixels as stored, before any rotation; null where only a decoder can tell. */
  readonly size: { readonly width: number; readonly height: number } | null
  /** EXIF orientation, 1 (upright) to 8. */
  readonly orientation: number
  readonly animated: boolean
}

/** Recognises an image by its bytes, never by its name; null for anything else, or a broken header. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (view.subarray(0, 3).equals(JPEG_START)) return readJpeg(view)
    if (view.subarray(0, 8).equals(PNG_START)) return readPng(view)
    if (/^GIF8[79]a$/.test(view.toString('latin1', 0, 6))) return readGif(view)
    if (view.toString('latin1', 0, 4) === 'RIFF' && view.toString('latin1', 8, 12) === 'WEBP') {
      return { format: 'webp', size: null, orientation: 1, animated: isAnimatedWebp(view) }
    }
    const brand = view.toString('latin1', 4, 12)
    if (brand === 'ftypavif') return { format: 'avif', size: null, orientation: 1, animated: false }
    if (brand === 'ftypavis') return { format: 'avif', size: null, orientation: 1, animated: true }
    return null
  } catch (error) {
    // A header that ends before it says its size.
    if (error instanceof RangeError) return null
    throw error
  }
}

const JPEG_START = Buffer.from([0xff, 0xd8, 0xff])
const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The markers before the scan: kind, and where each segment begins and ends. */
export function* jpegSegments(view: Buffer): Generator<{ marker: number; start: number; end: number }> {
  let at = 2
  while (at + 4 <= view.length) {
    if (view.readUInt8(at) !== 0xff) return
    const marker = view.readUInt8(at + 1)
    if (marker === 0xff) {
      at += 1 // fill byte
      continue
    }
    const end = at + 2 + view.readUInt16BE(at + 2)
    if (end > view.length) return
    yield { marker, start: at, end }
    if (marker === 0xda) return
    at = end
  }
}

function readJpeg(view: Buffer): ImageHeader | null {
  let size: { width: number; height: number } | null = null
  let orientation = 1
  for (const { marker, start, end } of jpegSegments(view)) {
    // SOF0 to SOF15 but DHT, JPG and DAC, which share the range.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      size = { height: view.readUInt16BE(start + 5), width: view.readUInt16BE(start + 7) }
    }
    if (marker === 0xe1) orientation = exifOrientation(view.subarray(start + 4, end)) ?? orientation
  }
  return size === null || size.width === 0 || size.height === 0
    ? null
    : { format: 'jpeg', size, orientation, animated: false }
}

/** EXIF 2.3 §4.6: tag 0x0112 of the first directory. */
function exifOrientation(exif: Buffer): number | null {
  if (exif.toString('latin1', 0, 6) !== 'Exif\0\0') return null
  const tiff = exif.subarray(6)
  const little = tiff.toString('latin1', 0, 2) === 'II'
  const short = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const long = (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))
  if (tiff.length < 8) return null
  const directory = long(4)
  if (directory + 2 > tiff.length) return null
  for (let index = 0; index < short(directory); index++) {
    const entry = directory + 2 + index * 12
    if (entry + 10 > tiff.length) return null
    if (short(entry) !== 0x0112) continue
    const value = short(entry + 8)
    return value >= 1 && value <= 8 ? value : null
  }
  return null
}

/** Name, and where each chunk begins and ends, its length and checksum included. */
export function* pngChunks(view: Buffer): Generator<{ name: string; start: number; end: number }> {
  let at = 8
  while (at + 12 <= view.length) {
    const end = at + 12 + view.readUInt32BE(at)
    if (end > view.length) return
    const name = view.toString('latin1', at + 4, at + 8)
    yield { name, start: at, end }
    if (name === 'IEND') return
    at = end
  }
}

function readPng(view: Buffer): ImageHeader | null {
  const size = { width: view.readUInt32BE(16), height: view.readUInt32BE(20) }
  if (view.toString('latin1', 12, 16) !== 'IHDR' || size.width === 0 || size.height === 0) return null
  let animated = false
  for (const { name } of pngChunks(view)) {
    if (name === 'acTL') animated = true
    if (name === 'IDAT') break
  }
  return { format: 'png', size, orientation: 1, animated }
}

function readGif(view: Buffer): ImageHeader | null {
  const size = { width: view.readUInt16LE(6), height: view.readUInt16LE(8) }
  if (size.width === 0 || size.height === 0) return null
  return { format: 'gif', size, orientation: 1, animated: countFrames(view) > 1 }
}

/** GIF89a §§18–24: descriptors of images, stepping over colour tables and data blocks. */
function countFrames(view: Buffer): number {
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))
  let at = 13 + table(view.readUInt8(10))
  let frames = 0
  while (at < view.length && frames < 2) {
    const block = view.readUInt8(at)
    if (block === 0x3b) break
    if (block === 0x2c) {
      frames += 1
      at += 11 + table(view.readUInt8(at + 9))
    } else if (block === 0x21) at += 2
    else break
    while (at < view.length && view.readUInt8(at) !== 0) at += 1 + view.readUInt8(at)
    at += 1
  }
  return frames
}

function isAnimatedWebp(view: Buffer): boolean {
  return view.toString('latin1', 12, 16) === 'VP8X' && (view.readUInt8(20) & 0x02) !== 0
}
