import type { Root } from 'mdast'
import { finding, inOrder, type Finding } from '../core/finding.ts'
import { parseWith, type Parsed } from '../core/schema.ts'
import type { Yaml } from '../core/yaml.ts'
import type { Brief, BriefMeta, IssueFile, IssueMeta, Waiver } from './brief.ts'
import { parseBody } from './body.ts'
import { splitFrontmatter } from './frontmatter.ts'
import { checkLengths } from './lengths.ts'
import {
  briefSchema,
  issueSchema,
  singleFileSchema,
  type BriefFrontmatter,
  type IssueFrontmatter,
} from './schema.ts'
import { readSourceText } from './source-text.ts'
import { isUnwaivable, unwaivable } from './waivers.ts'

/**
 * Reads a brief. Every mistake is a finding at its line, all at once; the value is null only where the
 * frontmatter is unusable. Never throws for what a file holds.
 *
 * @param file path relative to the publication; its name without `.md` is the brief's id
 */
export function parseBrief(file: string, content: Uint8Array | string): Parsed<Brief> {
  const read = readFile(file, content)
  if (read.yaml === null) return { value: null, findings: inOrder(read.findings) }
  const front = parseWith(briefSchema, read.yaml)
  const findings = [...read.findings, ...front.findings]
  if (front.value === null) return { value: null, findings: inOrder(findings) }
  const brief = makeBrief(file, front.value, read.yaml, read, findings)
  return { value: brief, findings: inOrder(findings) }
}

/**
 * Reads an `issue.md`: its frontmatter, and the editor's opening note, which is its body.
 *
 * @param id the name of the issue's folder
 */
export function parseIssueFile(file: string, id: string, content: Uint8Array | string): Parsed<IssueFile> {
  const read = readFile(file, content)
  if (read.yaml === null) return { value: null, findings: inOrder(read.findings) }
  const front = parseWith(issueSchema, read.yaml)
  const findings = [...read.findings, ...front.findings]
  if (front.value === null) return { value: null, findings: inOrder(findings) }
  const { subject, preheader } = front.value
  findings.push(
    ...checkLengths(
      { subject: { text: subject, key: 'subject' }, preheader: { text: preheader, key: 'preheader' } },
      read.yaml,
    ),
  )
  return {
    value: {
      ...{ id, file, meta: issueMeta(front.value), note: read.body },
      ...{ front: read.yaml, markdown: read.markdown },
    },
    findings: inOrder(findings),
  }
}

/** Reads an issue of one brief in one file: the keys of both, the body the brief's. */
export function parseSingleFile(
  file: string,
  content: Uint8Array | string,
): Parsed<{ readonly issue: IssueFile; readonly brief: Brief }> {
  const read = readFile(file, content)
  if (read.yaml === null) return { value: null, findings: inOrder(read.findings) }
  const front = parseWith(singleFileSchema, read.yaml)
  const findings = [...read.findings, ...front.findings]
  if (front.value === null) return { value: null, findings: inOrder(findings) }
  const { subject, preheader, title, standfirst } = front.value
  const meta = issueMeta({ ...front.value, subject: subject ?? title, preheader: preheader ?? standfirst })
  findings.push(
    ...checkLengths(
      {
        subject: { text: meta.subject, key: subject === undefined ? 'title' : 'subject' },
        preheader: { text: meta.preheader, key: preheader === undefined ? 'standfirst' : 'preheader' },
      },
      read.yaml,
    ),
  )
  const brief = makeBrief(file, front.value, read.yaml, read, findings)
  const issue: IssueFile = {
    id: brief.id,
    file,
    meta,
    note: { type: 'root', children: [] },
    front: read.yaml,
    markdown: read.markdown,
  }
  return { value: { issue, brief }, findings: inOrder(findings) }
}

interface ReadFile {
  readonly yaml: Yaml | null
  readonly body: Root
  readonly markdown: string
  readonly findings: readonly Finding[]
}

function readFile(file: string, content: Uint8Array | string): ReadFile {
  const { text, findings } = readSourceText(file, content)
  if (text === null) return { yaml: null, body: { type: 'root', children: [] }, markdown: '', findings }
  const front = splitFrontmatter(file, text)
  const body = parseBody(file, front.body, front.firstLine)
  return {
    yaml: front.yaml,
    body: body.tree,
    markdown: front.body
      .split('\n')
      .slice(front.firstLine - 1)
      .join('\n'),
    findings: [...findings, ...front.findings, ...body.findings],
  }
}

function makeBrief(
  file: string,
  front: BriefFrontmatter,
  yaml: Yaml,
  { body, markdown }: ReadFile,
  findings: Finding[],
): Brief {
  const { title, standfirst } = front
  findings.push(
    ...checkLengths(
      { title: { text: title, key: 'title' }, standfirst: { text: standfirst, key: 'standfirst' } },
      yaml,
    ),
  )
  const meta: BriefMeta = {
    title,
    standfirst,
    date: front.date,
    authors: front.authors,
    tags: front.tags,
    access: front.access,
    order: front.order ?? null,
    image: image(front, yaml, findings),
    waivers: waivers(front, yaml, findings),
    corrections: front.corrections,
  }
  return { id: idOf(file), file, meta, body, front: yaml, markdown }
}

function image(front: BriefFrontmatter, yaml: Yaml, findings: Finding[]): BriefMeta['image'] {
  if (front.image === undefined) return null
  const { src, alt = '', credit = null } = front.image
  if (alt === '') {
    const hint = 'add “alt:”, what it shows in a few words'
    findings.push(finding('DC807', yaml.keyAt(['image']), 'The image has no description.', { hint }))
  }
  return { src, alt, credit }
}

function waivers(front: BriefFrontmatter, yaml: Yaml, findings: Finding[]): Waiver[] {
  return front.waivers.flatMap((each, index): Waiver[] => {
    const place = yaml.at(['waivers', index])
    const reason = (each.reason ?? '').trim()
    if (reason === '') {
      const hint = 'add “reason:”, why this is right all the same'
      findings.push(finding('DC705', place, 'This waiver gives no reason.', { hint }))
    } else if (isUnwaivable(each.rule)) {
      const hint = 'mend what the finding is about'
      findings.push(finding('DC705', place, unwaivable(each.rule), { hint }))
    } else return [{ rule: each.rule, on: each.on ?? null, reason, place, covers: null }]
    return []
  })
}

function issueMeta(front: Omit<IssueFrontmatter, 'briefs'> & { briefs?: string[] | undefined }): IssueMeta {
  return {
    subject: front.subject,
    preheader: front.preheader,
    newsletter: front.newsletter,
    template: front.template ?? null,
    date: front.date,
    status: front.status,
    briefs: front.briefs ?? null,
    lang: front.lang ?? null,
  }
}

function idOf(file: string): string {
  return (file.split('/').at(-1) ?? file).replace(/\.md$/, '')
}
