import type { IssueFile } from '../brief/brief.ts'
import { finding, type Finding } from '../core/finding.ts'
import { didYouMean } from '../core/nearest.ts'
import type { Publication } from '../core/publication.ts'
import type { PublicationFiles } from './files.ts'

/** The names in an issue's frontmatter that nothing has: its newsletter's and its template's. */
export async function checkNames(
  issueFile: Pick<IssueFile, 'meta' | 'front'>,
  publication: Publication,
  files: PublicationFiles,
): Promise<Finding[]> {
  const { meta, front } = issueFile
  const findings: Finding[] = []
  const newsletters = Object.keys(publication.newsletters)
  if (!newsletters.includes(meta.newsletter)) {
    const message = `onrecord.yaml has no newsletter “${meta.newsletter}”.`
    const hint = didYouMean(meta.newsletter, newsletters) ?? `there are: ${newsletters.join(', ')}`
    findings.push(finding('DC801', front.at(['newsletter']), message, { hint }))
  }
  const newsletter = newsletters.includes(meta.newsletter)
    ? publication.newsletters[meta.newsletter]
    : undefined
  const template = meta.template ?? newsletter?.template
  // A publication without a folder of templates uses those that come with the program.
  const templates = (await files.list('templates')).filter((name) => !name.includes('.'))
  if (template !== undefined && templates.length > 0 && !templates.includes(template)) {
    const own = meta.template !== null
    const message = own
      ? `There is no template “${template}” under templates/.`
      : `The newsletter “${meta.newsletter}” uses the template “${template}”, which is not under templates/.`
    const hint = didYouMean(template, templates) ?? `there are: ${templates.join(', ')}`
    findings.push(finding('DC801', front.at([own ? 'template' : 'newsletter']), message, { hint }))
  }
  return findings
}
