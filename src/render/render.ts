import type { Publication } from '../core/publication.ts'
import { blocks, finding, type Finding } from '../core/finding.ts'
import type { ProjectedIssue } from '../issue/issue.ts'
import { compileMjml, type MjmlError } from './compile-mjml.ts'
import { collapseSpace } from './collapse-space.ts'
import { withoutMarks, type PositionMarks } from './position-marks.ts'
import type { Rendered } from './rendered.ts'
import { misplacedMarks } from './misplaced-marks.ts'
import { pageDocument } from './page-document.ts'
import { reservedMarks } from './reserved-marks.ts'
import { TemplateError, type Template } from './template.ts'
import { textPart } from './text-part.ts'
import { htmlView } from './view.ts'
import type { ViewInput } from './view-input.ts'
import { lostWords } from './words.ts'

export interface RenderOptions {
  readonly publication: Publication
  readonly baseUrl: string
  readonly template: Template
  /** Where the public signs up; without one, they are invited to write to the desk. */
  readonly subscribeUrl?: string | null
  /** Makes `marked`, too; all else is what it is without. */
  readonly marks?: PositionMarks | undefined
  /** Told the mail's HTML, with its marks, before anything else is made or looked at; the rest waits for it. */
  readonly onMail?: ((marked: string) => Promise<void>) | undefined
}

/**
 * A projected issue merged with its look. `rendered` is null where the look does not work (DC816); `marked` is
 * the mail's HTML with the position marks that were asked for.
 * Words that went in and did not come out (DC814) come with what was rendered, for a preview to show.
 * Keeps nothing between calls.
 */
export async function render(
  projected: ProjectedIssue,
  options: RenderOptions,
): Promise<{ rendered: Rendered | null; findings: Finding[]; marked?: string }> {
  const { template } = options
  const findings = [...template.findings, ...reservedMarks(projected, options.publication)]
  if (blocks(findings)) return { rendered: null, findings }
  const input: ViewInput = { ...options, issue: projected, baseUrl: options.baseUrl.replace(/\/+$/, '') }
  try {
    const mjml = plainEquals(template.run('email', htmlView(input, 'email')))
    const { html: marked, errors } = await compileMjml(mjml)
    if (marked === null) {
      return { rendered: null, findings: errors.map((error) => templateFinding(error, template)) }
    }
    await options.onMail?.(marked)
    const view = htmlView(input, 'web')
    const rendered: Rendered = {
      mjml: withoutMarks(mjml),
      html: withoutMarks(marked),
      text: textPart(input),
      web: collapseSpace(plainEquals(template.run('web', view))),
      page: pageDocument(projected, view),
    }
    const misplaced = misplacedMarks(rendered, template)
    if (misplaced.length > 0) return { rendered: null, findings: [...findings, ...misplaced] }
    return { rendered, findings: [...findings, ...lostWords(projected, rendered)], marked }
  } catch (error) {
    if (error instanceof TemplateError) return { rendered: null, findings: [...findings, error.finding] }
    throw error
  }
}

/** Handlebars writes `=` as six bytes, for attributes without quotation marks; a passage’s address has one each. */
function plainEquals(html: string): string {
  return html.replaceAll('&#x3D;', '=')
}

/** Never a line of generated MJML: the line of the template that writes the tag. */
function templateFinding(error: MjmlError, template: Template): Finding {
  const { file, line } = template.locate(error.tag === '' ? '' : `<${error.tag}`)
  const place = { file, line, column: 1, endLine: line, endColumn: 1 }
  return finding('DC816', place, `This template makes MJML that is not valid: ${error.message}`)
}
