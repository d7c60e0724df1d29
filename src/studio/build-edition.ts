import { createHash } from 'node:crypto'
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

interface Inputs {
  readonly publication: Publication
  readonly template: Template
  readonly marks: PositionMarks
}

/** Builds editions for previews, none anew whose inputs are what they were. */
export function createEditionBuilder(baseUrl: string) {
  const newest = new Map<string, KeptEdition>()
  const nameOf = (issue: string, tier: Tier): string => `${tier} ${issue}`
  return {
    async build(
      projected: ProjectedIssue,
      options: Inputs,
      onMail?: (mail: PreviewMail) => void,
    ): Promise<Pick<KeptEdition, 'findings' | 'shown'>> {
      const name = nameOf(projected.id, projected.tier)
      const key = keyOf(projected, options)
      const known = newest.get(name)
      if (known?.key === key) return known
      const { edition, findings, marked } = await buildEdition(projected, {
        ...options,
        baseUrl,
        onMail:
          onMail &&
          ((first) => {
            const mail = previewMail(projected, first, baseUrl)
            if (mail !== null) onMail(mail)
          }),
      })
      const shown = edition === null ? null : await previewEdition(edition, undefined, marked)
      const made = { key, findings, edition, marked, shown }
      newest.set(name, made)
      return made
    },
    /** The newest edition that could be built, for one person's message. */
    kept(issue: string, tier: Tier): { readonly edition: Edition; readonly marked: string } | null {
      const found = newest.get(nameOf(issue, tier))
      return found === undefined || found.edition === null
        ? null
        : { edition: found.edition, marked: found.marked }
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
