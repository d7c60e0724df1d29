import { basename } from 'node:path'
import type { Finding } from '../core/finding.ts'
import type { Publication } from '../core/publication.ts'
import { dayIn } from '../core/day.ts'
import { tiers, type Tier } from '../core/tier.ts'
import type { CheckedIssue } from '../desk/checked-issue.ts'
import type { SnapshotText } from '../desk/snapshot-text.ts'
import type { Inspection } from '../email/compat/inspect.ts'
import { sampleRecipient } from '../email/compile.ts'
import type { Edition } from '../email/edition.ts'
import { openFiles, type PublicationFiles } from '../issue/files.ts'
import type { IssueImage } from '../issue/issue.ts'
import { splitHead } from '../outbox/headers.ts'
import type { SnapshotTexts } from '../sources/snapshot-texts.ts'
import type { Fix, Mended, NotMended } from './contract/fix.ts'
import { previewMessage } from './preview-edition.ts'
import type { EditionInspection, PreviewEdition, ShownFinding } from './preview.ts'

export interface CheckerOptions {
  readonly root: string
  readonly snapshots: SnapshotTexts | null
  /** Null while onrecord.yaml cannot be used. */
  publication(): Promise<Publication | null>
  load(
    issue: string,
    publication: Publication,
    files?: PublicationFiles,
  ): Promise<CheckedIssue & { readonly issue: { readonly images: ReadonlyMap<string, IssueImage> } | null }>
  check(loaded: CheckedIssue, publication: Publication): Promise<readonly Finding[]>
  kept(
    issue: string,
    tier: Tier,
  ): { readonly edition: Edition; readonly marked: string; readonly shown: PreviewEdition | null } | null
}

/** So many texts of stored copies are kept ready to be searched. */
const MOST_PREPARED = 200

/** What is asked about a build beside its pictures; its parts are loaded when they are first asked for. */
export function createChecker({ root, snapshots, publication, load, check, kept }: CheckerOptions) {
  const prepared = new Map<string, SnapshotText>()
  const inspected = new Map<string, { readonly key: string; readonly inspection: Inspection }>()
  const nameOf = (issue: string, tier: Tier): string => `${tier} ${issue}`

  const mender = async (issue: string) => {
    const settings = await publication()
    if (settings === null) return null
    const { createMender } = await import('./fixes/mend.ts')
    if (prepared.size > MOST_PREPARED) prepared.clear()
    return createMender({
      load: (files) => load(issue, settings, files),
      check: (loaded) => check(loaded, settings),
      files: await openFiles(root),
      snapshots,
      today: dayIn(settings.timeZone, Date.now()),
      prepared,
    })
  }

  return {
    async fixes(issue: string, findings: readonly ShownFinding[]): Promise<readonly (readonly Fix[])[]> {
      return (await (await mender(issue))?.fixes(findings)) ?? findings.map(() => [])
    },

    async mend(
      issue: string,
      finding: ShownFinding,
      fix: string,
      answer: string,
    ): Promise<Mended | NotMended> {
      const found = await mender(issue)
      return found === null
        ? { problem: 'onrecord.yaml has to be mended first.' }
        : await found.mend(finding, fix, answer)
    },

    async inspect(issue: string, tier: Tier): Promise<EditionInspection | null> {
      const settings = await publication()
      const made = kept(issue, tier)
      if (settings === null || made === null || made.shown === null) return null
      const { edition, shown } = made
      const { clients } = settings
      const key = `${shown.picture} ${edition.hash} ${clients.join(' ')}`
      const known = inspected.get(nameOf(issue, tier))
      if (known?.key === key) return { html: shown.marked, inspection: known.inspection }
      const { inspectMail } = await import('../email/compat/inspect.ts')
      const { source } = await previewMessage(edition, sampleRecipient(edition), made.marked)
      const { issue: loaded } = await load(issue, settings)
      const bytes = new Map(
        [...(loaded?.images.values() ?? [])].map((each) => [each.name, each.bytes.byteLength]),
      )
      const inspection = inspectMail(
        {
          html: shown.html,
          marked: shown.marked,
          text: shown.text,
          headers: source === '' ? null : splitHead(Buffer.from(source)).head.toString(),
          images: imagesIn(shown.html, bytes),
          messageBytes: shown.bytes.message,
        },
        { clients },
      )
      inspected.set(nameOf(issue, tier), { key, inspection })
      return { html: shown.marked, inspection }
    },

    forget(issue: string): void {
      for (const tier of tiers) inspected.delete(nameOf(issue, tier))
    },

    /** The first look at a mail takes ten times as long as all others; nobody need wait for it. */
    async warm(): Promise<void> {
      const { inspectMail } = await import('../email/compat/inspect.ts')
      inspectMail({ html: '<p style="color:#000">A</p>', text: 'A', headers: null, images: [] })
    },
  }
}

function imagesIn(html: string, bytes: ReadonlyMap<string, number>) {
  const sources = new Set([...html.matchAll(/<img\b[^>]*?\ssrc="([^"]+)"/gi)].map(([, src = '']) => src))
  return [...sources].flatMap((src) => {
    const size = bytes.get(basename(src))
    return size === undefined ? [] : [{ src, bytes: size }]
  })
}
