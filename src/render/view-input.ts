import type { Publication } from '../core/publication.ts'
import type { ProjectedIssue } from '../issue/issue.ts'
import type { PositionMarks } from './position-marks.ts'
import type { Template } from './template.ts'

/** What a view is made from. */
export interface ViewInput {
  readonly issue: ProjectedIssue
  readonly publication: Publication
  /** Without a trailing slash. */
  readonly baseUrl: string
  readonly template: Template
  /** Where the public signs up; without one, they are invited to write to the desk. */
  readonly subscribeUrl?: string | null
  /** In a studio's preview: marks the mail's words with where they come from. */
  readonly marks?: PositionMarks | undefined
}
