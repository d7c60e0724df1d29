import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { plainText } from '../brief/plain-text.ts'
import { messageOf } from '../core/errors.ts'
import { blocks, finding, inOrder, startOf, type Finding } from '../core/finding.ts'
import { publicationSchema, type Publication } from '../core/publication.ts'
import { parseWith, type Parsed } from '../core/schema.ts'
import { tiers, type Tier } from '../core/tier.ts'
import { parseYaml } from '../core/yaml.ts'
import type { CheckedIssue } from '../desk/checked-issue.ts'
import { checkForm, checkIssue } from '../desk/desk.ts'
import { keyClaims } from '../desk/key-claims.ts'
import { openDesk } from '../desk/open-desk.ts'
import { stopsPreview } from '../desk/stops-preview.ts'
import { once } from '../email/build.ts'
import type { Recipient } from '../email/edition.ts'
import { openFiles, type PublicationFiles } from '../issue/files.ts'
import type { ImageCache } from '../issue/image-cache.ts'
import type { Issue } from '../issue/issue.ts'
import { listIssues, loadIssue } from '../issue/load.ts'
import { createParseCache } from '../issue/parse-cache.ts'
import { project } from '../issue/project.ts'
import { positionMarks } from '../render/position-marks.ts'
import { snapshotTexts } from '../sources/snapshot-texts.ts'
import { createEditionBuilder } from './build-edition.ts'
import { createChecker } from './checker.ts'
import { keptLooks } from './kept-looks.ts'
import { previewMessage } from './preview-edition.ts'
import type {
  FirstSight,
  Preview,
  PreviewEdition,
  PreviewMail,
  PreviewMessage,
  Shelf,
  ShownFinding,
} from './preview.ts'
import { createSettling } from './settled.ts'

export interface PreviewOptions {
  readonly root: string
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  /** The stored copies of sources, or null. */
  readonly snapshotsDir: string | null
}

/** How a build goes on. */
export interface BuildSteps {
  /** The tier that is built before the others. */
  readonly first?: Tier | undefined
  readonly onFirst?: (sight: FirstSight) => void
  /** Asked between two steps; false: nobody wants this build any more. */
  readonly goOn?: () => Promise<boolean>
}

/** A line longer than this is not shown whole; a file larger is not read for it. */
const LARGEST_FILE = 4 * 1024 * 1024

/**
 * Reads the settings and the list of issues; then, an issue at a time, all that a preview shows. Writes
 * nothing. What has not changed since the build before is not made anew.
 */
export function createPreviewer(options: PreviewOptions) {
  const { root, baseUrl, snapshotsDir } = options
  const stored = snapshotsDir === null ? {} : { snapshots: snapshotTexts(snapshotsDir) }
  const desk = snapshotsDir === null ? null : openDesk(dirname(snapshotsDir), { cache: 'memory' })
  const imageCache = memoryCache()
  const parsed = createParseCache()
  const lookOf = keptLooks(root)
  const settled = createSettling(root)
  const editions = createEditionBuilder(baseUrl)
  let lastGood: Publication | null = null

  const readSettings = async (): Promise<Parsed<Publication>> => {
    const file = 'onrecord.yaml'
    const read = await readFile(join(root, file)).then(
      (bytes) =>
        parsed(file, bytes, () => parseWith(publicationSchema, parseYaml(bytes.toString('utf8'), file))),
      (error: unknown) => unreadable(file, error),
    )
    if (read.value !== null && !blocks(read.findings)) lastGood = read.value
    return read
  }

  const load = async (id: string, publication: Publication) => {
    await settled.wait(id)
    const loaded = await loadIssue(root, id, publication, { imageCache, parsed, ...stored })
    settled.saw(id, loaded.files)
    return loaded
  }

  const check = async (loaded: CheckedIssue, publication: Publication): Promise<readonly Finding[]> =>
    desk === null ? checkIssue(loaded, publication) : await desk.check(loaded, publication)

  const checker = createChecker({
    root,
    snapshots: stored.snapshots ?? null,
    publication: async () => {
      await readSettings()
      return lastGood
    },
    load: (id, publication, files?: PublicationFiles) =>
      files === undefined
        ? load(id, publication)
        : loadIssue(root, id, publication, { imageCache, ...stored, files }),
    check,
    kept: (id, tier) => editions.kept(id, tier),
  })

  return {
    ...checker,
    async shelf(): Promise<Shelf> {
      const { findings } = await readSettings()
      return {
        issues: listIssues(root),
        findings: await withLines(root, findings),
        publication: lastGood && {
          name: lastGood.name,
          timeZone: lastGood.timeZone,
          newsletters: Object.fromEntries(
            Object.entries(lastGood.newsletters).map(([key, { name }]) => [key, name]),
          ),
          cadences: Object.fromEntries(
            Object.entries(lastGood.newsletters).flatMap(([key, { cadence }]) =>
              cadence === undefined ? [] : [[key, cadence]],
            ),
          ),
          tiers: { public: 'Public', ...lastGood.tiers },
        },
      }
    },

    /** Null: given up. */
    async build(
      id: string,
      { first = 'subscriber', onFirst, goOn }: BuildSteps = {},
    ): Promise<Preview | null> {
      const { findings: wrong } = await readSettings()
      const publication = lastGood
      if (publication === null) return nothing(id, await withLines(root, wrong))
      const loaded = await load(id, publication)
      const { issue } = loaded
      const form = checkForm(loaded, publication)
      if (issue === null) return nothing(id, await withLines(root, form))
      const about = { meta: metaOf(issue), images: [...issue.images.values()] }
      const whole = async (
        found: readonly Finding[],
        made: readonly PreviewEdition[],
        files: readonly string[],
      ): Promise<Preview> => {
        const findings = await withLines(root, inOrder(once(found)))
        return stated({ id, ...about, findings, editions: byTier(made), files })
      }
      // With settings that cannot be used, nothing can be sent, and nothing else be judged.
      if (blocks(wrong)) return await whole(wrong, [], [])
      if (form.some(stopsPreview)) return await whole(await check(loaded, publication), [], [])

      const template = await lookOf(issue.template)
      const marks = positionMarks(issue)
      const desked = { ...loaded, claims: keyClaims(issue) }
      const sight = (mail: PreviewMail): void => onFirst?.({ ...about, files: marks.files, mail })
      const findings: Finding[] = []
      const made: PreviewEdition[] = []
      for (const tier of [first, ...tiers.filter((each) => each !== first)]) {
        const projected = project(issue, tier, desked)
        const onMail = tier === first ? sight : undefined
        const built = await editions.build(projected, { publication, template, marks }, onMail)
        findings.push(...built.findings)
        if (built.shown !== null) made.push(built.shown)
        if (goOn !== undefined && !(await goOn())) return null
      }
      return await whole([...(await check(loaded, publication)), ...findings], made, marks.files)
    },

    /** One edition in another look; `look` names a folder of `templates/`. */
    async look(id: string, tier: Tier, look: string): Promise<PreviewEdition | null> {
      await readSettings()
      const publication = lastGood
      if (publication === null) return null
      const loaded = await load(id, publication)
      const { issue } = loaded
      if (issue === null || checkForm(loaded, publication).some(stopsPreview))
        return editions.kept(id, tier, look)?.shown ?? null
      const template = await lookOf(look)
      const marks = positionMarks(issue)
      const projected = project(issue, tier, { ...loaded, claims: keyClaims(issue) })
      const { shown } = await editions.build(projected, { publication, template, marks }, undefined, look)
      return shown
    },

    async message(
      id: string,
      tier: Tier,
      recipient: Recipient,
      look?: string,
    ): Promise<PreviewMessage | null> {
      const kept = editions.kept(id, tier, look)
      return kept === null ? null : await previewMessage(kept.edition, recipient, kept.marked)
    },

    async forget(id: string): Promise<null> {
      editions.forget(id)
      checker.forget(id)
      return null
    },
  }
}

function unreadable(file: string, error: unknown): Parsed<Publication> {
  const found = finding('DC815', startOf(file), `${file} cannot be read: ${messageOf(error)}`)
  return { value: null, findings: [found] }
}

function nothing(id: string, findings: readonly ShownFinding[]): Preview {
  return stated({ id, meta: null, findings, editions: null, images: [], files: [] })
}

function stated(preview: Omit<Preview, 'state'>): Preview {
  const { meta, findings, editions, images, files } = preview
  const shown = editions && tiers.map((tier) => [editions[tier].hash, editions[tier].marked])
  const all = [meta, findings, shown, images.map(({ name }) => name), files]
  return { ...preview, state: createHash('sha256').update(JSON.stringify(all)).digest('hex') }
}

function metaOf({ meta, template, note, briefs }: Issue): Preview['meta'] {
  const { subject, newsletter, date, status } = meta
  const text = [note, ...briefs.map(({ body }) => body)].map(plainText).join(' ')
  const words = text.split(/\s+/).filter((word) => word !== '').length
  return {
    subject,
    newsletter,
    date,
    status,
    look: template,
    words,
    briefs: briefs.map(({ meta }) => meta.title),
  }
}

function byTier(editions: readonly PreviewEdition[]): Preview['editions'] {
  const of = (tier: Tier): PreviewEdition | undefined => editions.find((each) => each.tier === tier)
  const [open, subscriber, member] = tiers.map(of)
  if (open === undefined || subscriber === undefined || member === undefined) return null
  return { public: open, subscriber, member }
}

/** Each finding with the line of the file it stands in. */
async function withLines(root: string, findings: readonly Finding[]): Promise<ShownFinding[]> {
  const files = await openFiles(root)
  const lines = new Map<string, readonly string[]>()
  for (const file of new Set(findings.map((each) => each.file))) {
    const read = await files.read(file, LARGEST_FILE)
    if (read.kind === 'bytes') lines.set(file, Buffer.from(read.bytes).toString('utf8').split(/\r?\n/))
  }
  return findings.map((each) => ({ ...each, sourceLine: lines.get(each.file)?.[each.line - 1] ?? null }))
}

/** So many bytes of redrawn images are kept. */
const MOST_IMAGES = 64 * 1024 * 1024

/** Redrawn images stay in memory, those that came last: a preview writes nothing. */
function memoryCache(): ImageCache {
  const kept = new Map<string, Uint8Array>()
  let size = 0
  return {
    get: async (key) => kept.get(key) ?? null,
    async set(key, bytes) {
      size += bytes.byteLength - (kept.get(key)?.byteLength ?? 0)
      kept.set(key, bytes)
      for (const [oldest, { byteLength }] of kept) {
        if (size <= MOST_IMAGES) return
        kept.delete(oldest)
        size -= byteLength
      }
    },
  }
}
