import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf, OnrecordError } from '../core/errors.ts'
import { blocks, finding, inOrder, startOf, type Finding } from '../core/finding.ts'
import { publicationSchema, type Publication } from '../core/publication.ts'
import { parseWith, type Parsed } from '../core/schema.ts'
import { tiers, type Tier } from '../core/tier.ts'
import { parseYaml } from '../core/yaml.ts'
import { checkIssue } from '../desk/desk.ts'
import { keyClaims } from '../desk/key-claims.ts'
import { openDesk } from '../desk/open-desk.ts'
import { stopsPreview } from '../desk/stops-preview.ts'
import { buildEditions } from '../email/build.ts'
import { sampleRecipient } from '../email/compile.ts'
import { composeMessage } from '../email/compose.ts'
import type { Edition, Recipient } from '../email/edition.ts'
import { personalise } from '../email/personalise.ts'
import { openFiles } from '../issue/files.ts'
import type { ImageCache } from '../issue/image-cache.ts'
import type { Issue } from '../issue/issue.ts'
import { listIssues, loadIssue } from '../issue/load.ts'
import { headerLines, splitHead } from '../outbox/headers.ts'
import { loadTemplate } from '../render/template.ts'
import { snapshotTexts } from '../sources/snapshot-texts.ts'
import type { Preview, PreviewEdition, Shelf, ShownFinding } from './preview.ts'

export interface PreviewOptions {
  readonly root: string
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  /** The stored copies of sources, or null. */
  readonly snapshotsDir: string | null
}

/** A line longer than this is not shown whole; a file larger is not read for it. */
const LARGEST_FILE = 4 * 1024 * 1024

/** Reads the settings and the list of issues; then, an issue at a time, all that a preview shows. Writes nothing. */
export function createPreviewer(options: PreviewOptions) {
  const { root, baseUrl, snapshotsDir } = options
  const stored = snapshotsDir === null ? {} : { snapshots: snapshotTexts(snapshotsDir) }
  const desk = snapshotsDir === null ? null : openDesk(dirname(snapshotsDir), { cache: 'memory' })
  const imageCache = memoryCache()
  let lastGood: Publication | null = null

  const readSettings = async (): Promise<Parsed<Publication>> => {
    const parsed = await readPublication(root)
    if (parsed.value !== null && !blocks(parsed.findings)) lastGood = parsed.value
    return parsed
  }

  return {
    async shelf(): Promise<Shelf> {
      const { findings } = await readSettings()
      return {
        issues: await listIssues(root),
        findings: await withLines(root, findings),
        publication: lastGood && {
          name: lastGood.name,
          timeZone: lastGood.timeZone,
          tiers: { public: 'Public', ...lastGood.tiers },
        },
      }
    },

    async build(id: string): Promise<Preview> {
      const { findings: wrong } = await readSettings()
      const publication = lastGood
      if (publication === null) {
        return { id, meta: null, findings: await withLines(root, wrong), editions: null, images: [] }
      }
      const loaded = await loadIssue(root, id, publication, { imageCache, ...stored })
      const checked = desk === null ? checkIssue(loaded, publication) : await desk.check(loaded, publication)
      const { issue } = loaded
      const findings = [...checked]
      let editions: Preview['editions'] = null
      if (issue !== null && !checked.some(stopsPreview)) {
        const template = await loadTemplate(join(root, 'templates', issue.template))
        const claims = keyClaims(issue)
        const built = await buildEditions({ ...loaded, claims }, { publication, baseUrl, template })
        findings.push(...built.findings)
        const shown = await Promise.all(built.editions.map((edition) => previewEdition(edition)))
        editions = byTier(shown)
      }
      return {
        id,
        meta: issue === null ? null : metaOf(issue),
        findings: await withLines(root, inOrder(findings)),
        editions,
        images: issue === null ? [] : [...issue.images.values()],
      }
    },
  }
}

async function readPublication(root: string): Promise<Parsed<Publication>> {
  const file = 'onrecord.yaml'
  try {
    return parseWith(publicationSchema, parseYaml(await readFile(join(root, file), 'utf8'), file))
  } catch (error) {
    const found = finding('DC815', startOf(file), `onrecord.yaml cannot be read: ${messageOf(error)}`)
    return { value: null, findings: [found] }
  }
}

function metaOf(issue: Issue): Preview['meta'] {
  const { subject, newsletter, date, status } = issue.meta
  return { subject, newsletter, date, status }
}

function byTier(editions: readonly PreviewEdition[]): Preview['editions'] {
  const of = (tier: Tier): PreviewEdition | undefined => editions.find((each) => each.tier === tier)
  const [open, subscriber, member] = tiers.map(of)
  if (open === undefined || subscriber === undefined || member === undefined) return null
  return { public: open, subscriber, member }
}

/** As it reaches a reader; by default one whose links do no harm. */
export async function previewEdition(
  edition: Edition,
  recipient: Recipient = sampleRecipient(edition),
): Promise<PreviewEdition> {
  const { html, text } = personalise(edition, recipient)
  return {
    tier: edition.tier,
    lang: edition.lang,
    subject: edition.subject,
    preheader: edition.preheader,
    from: edition.envelope.from.name,
    html,
    text,
    web: edition.web,
    mjml: edition.mjml,
    headers: await headersOf(edition, recipient),
    sources: edition.sources,
    bytes: edition.bytes,
  }
}

async function headersOf(edition: Edition, recipient: Recipient): Promise<PreviewEdition['headers']> {
  try {
    const { head } = splitHead(await composeMessage(edition, recipient))
    return headerLines(head)
  } catch (error) {
    // A header that must not be sent: the editor sees which, in place of the headers.
    if (error instanceof OnrecordError) return [{ name: 'Refused', value: error.message }]
    throw error
  }
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

/** Redrawn images stay in memory: a preview writes nothing. */
function memoryCache(): ImageCache {
  const kept = new Map<string, Uint8Array>()
  return {
    get: async (key) => kept.get(key) ?? null,
    async set(key, bytes) {
      kept.set(key, bytes)
    },
  }
}
