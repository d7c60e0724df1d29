import { jpegSegments, pngChunks } from './image-format.ts'

/**
 * A JPEG without what is not its picture: EXIF (a camera's place and owner), XMP, IPTC, comments, and
 * whatever follows its end. Colour profile and Adobe's transform stay. The pixels are untouched.
 */
export function withoutJpegMetadata(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Buffer[] = [view.subarray(0, 2)]
  let scan = view.length
  for (const { marker, start, end } of jpegSegments(view)) {
    if (marker === 0xda) {
      scan = start
      break
    }
    if (!isJpegMetadata(marker, view.toString('latin1', start + 4, start + 16))) {
      kept.push(view.subarray(start, end))
    }
  }
  kept.push(view.subarray(scan, endOfJpeg(view, scan)))
  return Buffer.concat(kept)
}

/** APP1 to APP15 and comments, but APP2 with a colour profile and APP14, which says how colours are coded. */
function isJpegMetadata(marker: number, start: string): boolean {
  if (marker === 0xfe) return true
  if (marker < 0xe1 || marker > 0xef || marker === 0xee) return false
  return !(marker === 0xe2 && start.startsWith('ICC_PROFILE'))
}

/** After the end-of-image marker: a phone's second picture, a maker's notes. */
function endOfJpeg(view: Buffer, scan: number): number {
  for (let at = view.indexOf(0xff, scan + 2); at !== -1; at = view.indexOf(0xff, at + 1)) {
    if (view[at + 1] === 0xd9) return at + 2
  }
  return view.length
}

const pngPicture: ReadonlySet<string> = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'sBIT', 'bKGD'],
  ...['acTL', 'fcTL', 'fdAT'],
])

/** A PNG without texts, EXIF, times and whatever follows its end. */
export function withoutPngMetadata(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Buffer[] = [view.subarray(0, 8)]
  for (const { name, start, end } of pngChunks(view)) {
    if (pngPicture.has(name)) kept.push(view.subarray(start, end))
  }
  return Buffer.concat(kept)
}

/** A GIF without comments, XMP and whatever follows its end; how often it repeats stays (GIF89a §§23–27). */
export function withoutGifMetadata(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))
  let at = 13 + table(view[10] ?? 0)
  const kept: Buffer[] = [view.subarray(0, at)]
  for (;;) {
    const start = at
    const block = view[at]
    if (block === 0x2c) at += 11 + table(view[at + 9] ?? 0)
    else if (block === 0x21) at += 2
    else return Buffer.concat([...kept, view.subarray(at, block === 0x3b ? at + 1 : view.length)])
    while ((view[at] ?? 0) !== 0) at += 1 + (view[at] ?? 0)
    at += 1
    if (block === 0x2c || !isGifMetadata(view, start)) kept.push(view.subarray(start, at))
  }
}

function isGifMetadata(view: Buffer, start: number): boolean {
  const label = view[start + 1]
  const program = view.toString('latin1', start + 3, start + 14)
  return label === 0xfe || (label === 0xff && program !== 'NETSCAPE2.0' && program !== 'ANIMEXTS1.0')
}
