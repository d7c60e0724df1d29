import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Finding } from '../core/finding.ts'
import type { Publication } from '../core/publication.ts'
import type { Tier } from '../core/tier.ts'
import { buildEdition } from '../email/build.ts'
import type { Edition } from '../email/edition.ts'
import type { ProjectedIssue } from '../issue/issue.ts'
import type { PositionMarks } from '../render/position-marks.ts'
import type { Template } from '../render/template.ts'
import { previewEdition, previewMail } from './preview-edition.ts'
import type { PreviewEdition, PreviewMail } from './preview.ts'

/** What was made of one tier, and how it is shown; both null where the look does not work. */
interface KeptEdition {
  readonly key: string
  readonly findings: readonly Finding[]
  readonly edition: Edition | null
  readonly marked: string
  readonly shown: PreviewEdition | null
}

/** For the picture to get to the page on a machine of two cores, before the rest of the build takes one of them. */
const BREATH_MS = 25

interface Inputs {
  readonly publication: Publication
  readonly template: Template
  readonly marks: PositionMarks
}

/** Builds editions for previews, none anew whose inputs are what they were. */
export function createEditionBuilder(baseUrl: string) {
  /** Issue → tier and look → what was made of it last. */
  const newest = new Map<string, Map<string, KeptEdition>>()
  const nameOf = (tier: Tier, look = ''): string => `${tier} ${look}`
  return {
    async build(
      projected: ProjectedIssue,
      options: Inputs,
      onMail?: (mail: PreviewMail) => void,
      look?: string,
    ): Promise<Pick<KeptEdition, 'findings' | 'shown'>> {
      const name = nameOf(projected.tier, look)
      const key = keyOf(projected, options)
      const known = newest.get(projected.id)?.get(name)
      if (known?.key === key) return known
      const { edition, findings, marked } = await buildEdition(projected, {
        ...options,
        baseUrl,
        onMail:
          onMail &&
          (async (first) => {
            const mail = previewMail(projected, first, baseUrl)
            if (mail === null) return
            onMail(mail)
            await wait(BREATH_MS)
          }),
      })
      const shown = edition === null ? null : await previewEdition(edition, undefined, marked)
      const made = { key, findings, edition, marked, shown }
      const ofIssue = newest.get(projected.id) ?? new Map<string, KeptEdition>()
      newest.set(projected.id, ofIssue.set(name, made))
      return made
    },
    /** The newest edition that could be built, in the issue's look or another, for one person's message. */
    kept(
      issue: string,
      tier: Tier,
      look?: string,
    ): (Pick<KeptEdition, 'marked' | 'shown'> & { readonly edition: Edition }) | null {
      const found = newest.get(issue)?.get(nameOf(tier, look))
      return found === undefined || found.edition === null ? null : { ...found, edition: found.edition }
    },
    forget(issue: string): void {
      newest.delete(issue)
    },
  }
}

/** All that an edition and its marks are made of. Offsets are left out: marks have lines and columns. */
function keyOf(projected: ProjectedIssue, { publication, template, marks }: Inputs): string {
  const images = [...projected.images].map(([path, { name, width, height }]) => [path, name, width, height])
  const all = [projected, images, publication, template.hash, marks.files]
  return createHash('sha256').update(JSON.stringify(all, withoutOffsets)).digest('hex')
}

function withoutOffsets(this: unknown, key: string, value: unknown): unknown {
  if (key === 'offset') return undefined
  // A root ends where its file does.
  return key === 'position' && Reflect.get(Object(this), 'type') === 'root' ? undefined : value
}
