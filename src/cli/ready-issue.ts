import { join } from 'node:path'
import type { Config } from '../config.ts'
import { OnrecordError } from '../core/errors.ts'
import { formatFinding, type Finding } from '../core/finding.ts'
import type { ReadyIssue } from '../delivery/publish.ts'
import { keyClaims } from '../desk/key-claims.ts'
import { openDesk } from '../desk/open-desk.ts'
import { buildEditions } from '../email/build.ts'
import type { Edition } from '../email/edition.ts'
import { createImageCache } from '../issue/image-cache.ts'
import { loadIssue } from '../issue/load.ts'
import { loadTemplate } from '../render/template.ts'
import { snapshotTexts } from '../sources/snapshot-texts.ts'
import type { Tier } from '../core/tier.ts'

/**
 * An issue as its files are now, fit to go out: approved (unless `drafts` will do, for a test), and
 * with nothing that blocks it.
 * @throws OnrecordError `refused` for a draft or an issue in review, and with every finding that
 *   blocks; `not-found`
 */
export async function readyIssue(
  config: Config,
  id: string,
  options: { readonly drafts?: boolean } = {},
): Promise<ReadyIssue> {
  const { publication, root, baseUrl, dataDir } = config
  const imageCache = createImageCache(join(dataDir, 'images'))
  const snapshots = snapshotTexts(join(dataDir, 'snapshots'))
  const loaded = await loadIssue(root, id, publication, { imageCache, snapshots })
  const { issue } = loaded
  const checked = await openDesk(dataDir).check(loaded, publication)
  if (issue === null) throw blocked(id, checked)
  if (issue.meta.status !== 'approved' && options.drafts !== true) {
    const state = issue.meta.status === 'draft' ? 'a draft' : 'in review'
    throw new OnrecordError('refused', `${issue.file}: ${id} is ${state}; only an approved issue goes out.`, {
      hint: `set “status: approved” in ${issue.file}`,
    })
  }
  refuseBlocking(id, checked)
  const template = await loadTemplate(join(root, 'templates', issue.template))
  const built = await buildEditions(
    { ...loaded, claims: keyClaims(issue) },
    { publication, baseUrl, template },
  )
  refuseBlocking(id, built.findings)
  const of = (tier: Tier): Edition => {
    const edition = built.editions.find((each) => each.tier === tier)
    if (edition === undefined) throw new OnrecordError('refused', `${id} has no ${tier} edition.`)
    return edition
  }
  const editions = { public: of('public'), subscriber: of('subscriber'), member: of('member') }
  const shown = new Set(Object.values(editions).flatMap((edition) => edition.images))
  return {
    id,
    newsletter: issue.meta.newsletter,
    editions,
    template: `${template.name} ${template.hash}`,
    images: [...issue.images.values()].filter(({ name }) => shown.has(name)),
  }
}

function refuseBlocking(id: string, findings: readonly Finding[]): void {
  const blocking = findings.filter((each) => each.severity === 'error' && each.waived === null)
  if (blocking.length > 0) throw blocked(id, blocking)
}

function blocked(id: string, findings: readonly Finding[]): OnrecordError {
  return new OnrecordError('refused', findings.map(formatFinding).join('\n'), {
    hint: `mend what is named, then run it again; “onrecord check ${id}” says more`,
  })
}
