import { createHash } from 'node:crypto'
import { readImageHeader, type ImageFormat, type ImageHeader } from './image-format.ts'
import { withoutGifMetadata, withoutJpegMetadata, withoutPngMetadata } from './image-metadata.ts'
import type { ImageCache } from './image-cache.ts'
import type { IssueImage } from './issue.ts'

/** The mail's column, in CSS pixels; images are kept at twice that for sharp screens. */
export const COLUMN_WIDTH = 600
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024
const MAX_WIDTH = 2 * COLUMN_WIDTH
/** Decoding needs four bytes a pixel; this is a 10,000 × 6,000 picture. */
const MAX_PIXELS = 60_000_000
/** An animation is sent as it is, and weighs on every opening of the mail. */
const MAX_ANIMATION_BYTES = 1024 * 1024
const JPEG_QUALITY = 82
/** The decoder's numbers for the colour types with an alpha channel: La8, Rgba8, La16, Rgba16, Rgba32F. */
const withAlpha: ReadonlySet<number> = new Set([1, 3, 5, 7, 9])

/** An image made ready, or in plain words why it cannot be used. */
export type PreparedImage =
  | { readonly ok: true; readonly image: IssueImage }
  | { readonly ok: false; readonly message: string; readonly hint: string }

/**
 * Makes an image ready for mail and web: at most 1,200 pixels wide, upright, without metadata, in a
 * format that every mail program shows. The same bytes always give the same bytes.
 *
 * @param file the image's path relative to the publication
 * @param largest in bytes
 */
export async function prepareImage(
  file: string,
  source: Uint8Array,
  cache: ImageCache | null,
  largest = MAX_IMAGE_BYTES,
): Promise<PreparedImage> {
  if (source.length > largest)
    return refused(`The image “${file}” is larger than ${largest / 1024 / 1024} MB.`)
  const header = readImageHeader(source)
  if (header === null) {
    return refused(`“${file}” is not a JPEG, PNG or GIF image.`, 'save it as JPEG or PNG')
  }
  const pixels = header.size === null ? 0 : header.size.width * header.size.height
  if (pixels > MAX_PIXELS) return refused(`The image “${file}” has more than 60 million pixels.`)
  if (header.animated) return animation(file, source, header)
  if (header.size !== null && header.size.width <= MAX_WIDTH && header.orientation === 1) {
    if (header.format === 'jpeg') return finished(file, withoutJpegMetadata(source))
    if (header.format === 'png') return finished(file, withoutPngMetadata(source))
    if (header.format === 'gif') return finished(file, withoutGifMetadata(source))
  }
  const key = createHash('sha256').update(source).digest('hex')
  const cached = await cache?.get(key)
  if (cached !== undefined && cached !== null) {
    const prepared = finished(file, cached)
    if (prepared.ok) return prepared
  }
  const bytes = await redrawn(source, header.format)
  if (bytes === null) return refused(`The image “${file}” is damaged.`, 'open it and save it anew')
  await cache?.set(key, bytes)
  return finished(file, bytes)
}

function animation(file: string, source: Uint8Array, header: ImageHeader): PreparedImage {
  if (header.format !== 'gif') {
    return refused(`The image “${file}” is animated in a format that mail programs do not show.`)
  }
  return source.length > MAX_ANIMATION_BYTES
    ? refused(`The animation “${file}” is larger than 1 MB.`)
    : finished(file, withoutGifMetadata(source))
}

/** Decoded, turned upright, scaled and encoded again; null where it cannot be decoded. */
async function redrawn(source: Uint8Array, format: ImageFormat): Promise<Uint8Array | null> {
  // Only here: loading the native module takes longer than most issues need.
  const { Transformer } = await import('@napi-rs/image')
  try {
    const { width, height, orientation, colorType } = await new Transformer(source).metadata(true)
    if (width * height > MAX_PIXELS) return null
    const turned = (orientation ?? 1) >= 5
    const upright = { width: turned ? height : width, height: turned ? width : height }
    const picture = new Transformer(source).rotate()
    if (upright.width > MAX_WIDTH) {
      picture.resize(MAX_WIDTH, Math.max(1, Math.round((upright.height * MAX_WIDTH) / upright.width)))
    }
    const lossless = format === 'png' || format === 'gif' || withAlpha.has(colorType)
    return lossless ? await picture.png() : await picture.jpeg(JPEG_QUALITY)
  } catch {
    return null
  }
}

function finished(file: string, bytes: Uint8Array): PreparedImage {
  const header = readImageHeader(bytes)
  if (header?.size === undefined || header.size === null) {
    return refused(`The image “${file}” is damaged.`, 'open it and save it anew')
  }
  const { format, size } = header
  if (format === 'webp' || format === 'avif') return refused(`The image “${file}” could not be converted.`)
  const width = Math.min(COLUMN_WIDTH, size.width)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  return {
    ok: true,
    image: {
      file,
      name: `${hash}.${format === 'jpeg' ? 'jpg' : format}`,
      mediaType: `image/${format}`,
      width,
      height: Math.max(1, Math.round((size.height * width) / size.width)),
      bytes,
    },
  }
}

function refused(message: string, hint = 'save a smaller copy of it'): PreparedImage {
  return { ok: false, message, hint }
}
