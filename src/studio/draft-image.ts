import { mkdir, readFile, realpath } from 'node:fs/promises'
import { basename, extname, join, sep } from 'node:path'
import { OnrecordError } from '../core/errors.ts'
import { prepareImage } from '../issue/image.ts'
import { slugOf } from '../issue/slug.ts'
import type { KeptImage } from './contract/draft.ts'
import { writeOver } from './save-draft.ts'

/** What a camera makes; what is kept of it is far less. */
export const largestImage = 20 * 1024 * 1024

/** A name that is taken is counted up so far; nobody has more pictures of one name in one issue. */
const MOST_NAMES = 500

/**
 * Makes an image ready for mail (at most 1,200 pixels wide, upright, without metadata) and keeps it in `images/`
 * beside the issue’s texts. No file is ever replaced: the same picture under the same name is kept once.
 *
 * @param issue an id that is known to be one
 * @param name as the picture was called where it came from
 * @throws OnrecordError `refused`, in words for who has the picture in hand
 */
export async function keepDraftImage(
  root: string,
  issue: string,
  name: string,
  sent: Uint8Array,
): Promise<KeptImage> {
  if (/^[^]{0,1000}<svg[\s>]/u.test(Buffer.from(sent.subarray(0, 1_100)).toString('latin1'))) {
    throw new OnrecordError('refused', 'This is an SVG drawing, which mail programs do not show.', {
      hint: 'Save it as PNG.',
    })
  }
  const prepared = await prepareImage(shortName(name), sent, null, largestImage)
  if (!prepared.ok) {
    const { message, hint } = prepared
    throw new OnrecordError('refused', message, { hint: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.` })
  }
  const { bytes, width, height, mediaType } = prepared.image
  const { folder, prefix } = await imagesOf(root, issue)
  const ending = mediaType === 'image/jpeg' ? 'jpg' : mediaType.slice('image/'.length)
  const base = `${prefix}${slugOf(basename(name, extname(name))) || 'picture'}`
  for (let number = 1; number <= MOST_NAMES; number++) {
    const file = `${number === 1 ? base : `${base}-${number}`}.${ending}`
    const path = join(folder, file)
    const isThere = (await writeOver(path, bytes, { over: null })) === 'changed'
    if (isThere && !(await isSame(path, bytes))) continue
    return { path: `images/${file}`, width, height, bytes: bytes.length, sentBytes: sent.length }
  }
  throw new OnrecordError('refused', `There are too many pictures called “${base}”.`, {
    hint: 'Give this one another name.',
  })
}

/** The folder of an issue’s pictures, made where there is none; an issue in one file shares `briefs/images/`. */
async function imagesOf(
  root: string,
  issue: string,
): Promise<{ readonly folder: string; readonly prefix: string }> {
  const briefs = join(await realpath(root), 'briefs')
  const own = await realpath(join(briefs, issue)).catch(() => null)
  const isFolder = own !== null && (await readFile(join(own, 'issue.md')).catch(() => null)) !== null
  const texts = isFolder ? own : briefs
  await mkdir(join(texts, 'images'), { recursive: true })
  const folder = await realpath(join(texts, 'images'))
  if (
    texts !== join(briefs, isFolder ? issue : '.') ||
    folder !== join(texts, 'images') ||
    !folder.startsWith(briefs + sep)
  ) {
    throw new OnrecordError('refused', 'The folder of pictures is a link that leads elsewhere.', {
      hint: 'Make images/ a folder beside the texts.',
    })
  }
  return { folder, prefix: isFolder ? '' : `${issue}-` }
}

async function isSame(path: string, bytes: Uint8Array): Promise<boolean> {
  const there = await readFile(path).catch(() => null)
  return there !== null && Buffer.compare(there, bytes) === 0
}

function shortName(name: string): string {
  return name.length > 60 ? `${name.slice(0, 50)}…${name.slice(-9)}` : name
}
