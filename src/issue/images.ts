import type { Nodes, Root } from 'mdast'
import type { Brief } from '../brief/brief.ts'
import { finding, placeOf, startOf, type Finding, type Place } from '../core/finding.ts'
import type { PublicationFiles } from './files.ts'
import type { ImageCache } from './image-cache.ts'
import { imagePath } from './image-path.ts'
import { MAX_IMAGE_BYTES, prepareImage } from './image.ts'
import type { IssueImage } from './issue.ts'

/** An image as a text names it. */
interface ImageUse {
  readonly file: string
  readonly src: string
  readonly place: Place
}

/** The publication's settings, which name its logo. */
const SETTINGS = 'onrecord.yaml'

/** The images that the note and the briefs show, and the logo, by path; DC809 where one of them is named and cannot be used. */
export async function loadImages(
  files: PublicationFiles,
  cache: ImageCache | null,
  texts: {
    readonly file: string
    readonly note: Root
    readonly briefs: readonly Brief[]
    readonly logo?: string | undefined
  },
): Promise<{ value: ReadonlyMap<string, IssueImage>; findings: Finding[] }> {
  const images = new Map<string, IssueImage>()
  const problems = new Map<string, { message: string; hint: string }>()
  const findings: Finding[] = []
  const logo = texts.logo === undefined ? [] : [{ file: SETTINGS, src: texts.logo, place: startOf(SETTINGS) }]
  const uses = [...logo, ...usesIn(texts.file, texts.note), ...texts.briefs.flatMap(usesOf)]
  for (const { file, src, place } of uses) {
    const path = imagePath(file, src)
    if (path === null) {
      findings.push(
        finding('DC809', place, `“${src}” is not an image file of this publication.`, {
          hint: 'save the image beside the brief and name it by its path, as in images/photo.jpg',
        }),
      )
      continue
    }
    if (!images.has(path) && !problems.has(path)) {
      const prepared = await read(files, cache, path)
      if (prepared.ok) images.set(path, prepared.image)
      else problems.set(path, prepared)
    }
    const problem = problems.get(path)
    if (problem !== undefined) {
      findings.push(finding('DC809', place, problem.message, { hint: problem.hint }))
    }
  }
  return { value: images, findings }
}

async function read(
  files: PublicationFiles,
  cache: ImageCache | null,
  path: string,
): Promise<Awaited<ReturnType<typeof prepareImage>>> {
  const file = await files.read(path, MAX_IMAGE_BYTES)
  switch (file.kind) {
    case 'bytes':
      return await prepareImage(path, file.bytes, cache)
    case 'missing':
      return { ok: false, message: `There is no image “${path}”.`, hint: 'check its name and folder' }
    case 'outside':
      return {
        ok: false,
        message: `The image “${path}” lies outside the publication.`,
        hint: 'copy it beside the brief',
      }
    case 'unreadable':
      return { ok: false, message: `The image “${path}” ${file.message}.`, hint: 'save another copy of it' }
  }
}

function usesOf(brief: Brief): ImageUse[] {
  const { image } = brief.meta
  const own =
    image === null ? [] : [{ file: brief.file, src: image.src, place: brief.front.at(['image', 'src']) }]
  return [...own, ...usesIn(brief.file, brief.body)]
}

function usesIn(file: string, root: Root): ImageUse[] {
  const uses: ImageUse[] = []
  const walk = (node: Nodes): void => {
    if (node.type === 'image') uses.push({ file, src: node.url, place: placeOf(file, node.position) })
    if ('children' in node) for (const child of node.children) walk(child)
  }
  walk(root)
  return uses
}
