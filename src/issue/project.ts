import type { Root } from 'mdast'
import type { Brief, Waiver } from '../brief/brief.ts'
import { mayRead, type Tier } from '../core/tier.ts'
import { imagePath } from './image-path.ts'
import type { Issue, IssueImage, ProjectedBrief, ProjectedIssue } from './issue.ts'
import type { Mask } from './mask.ts'
import { countSources, projectSources } from './project-sources.ts'
import { projectTree, type Projection } from './project-tree.ts'
import { projectWaivers } from './project-waivers.ts'
import { projectionOf } from './projection.ts'
import { sourcingOf } from './sourcing.ts'
import type { KeyClaim } from './sourcing-statement.ts'

/** What the desk says of an issue, as values: exceptions, and the claims that an editor marked key. */
export interface DeskValues {
  readonly waivers?: readonly Waiver[]
  readonly claims?: readonly KeyClaim[]
}

/**
 * The gate: what a reader of `tier` may see of `issue`, and nothing else. Members' sections become
 * their teasers, a brief above the tier loses its body, and sources that the tier may not follow lose
 * every address and quotation, also where the text itself spells the address out. Numbers are those
 * of the whole issue. Everything that is rendered, stored or shown starts from this value.
 */
export function project(issue: Issue, tier: Tier, desk: DeskValues = {}): ProjectedIssue {
  const projection = projectionOf(issue, tier)
  const { mask, cited } = projection
  const images = new Map<string, IssueImage>()
  const keepImage = (file: string, src: string): boolean => {
    const path = imagePath(file, src)
    const image = path === null ? undefined : issue.images.get(path)
    if (path === null || image === undefined) return false
    images.set(path, image)
    return true
  }
  if (issue.logo !== null) keepImage('.', issue.logo)
  const note = projectTree(issue.note, projection, (src) => keepImage(issue.file, src))
  const briefs = issue.briefs.map((brief) => projectBrief(brief, projection, keepImage))
  const sources = projectSources(issue, tier, cited, mask)
  return {
    id: issue.id,
    file: issue.file,
    tier,
    meta: {
      ...issue.meta,
      subject: mask.text(issue.meta.subject),
      preheader: mask.text(issue.meta.preheader),
    },
    lang: issue.lang,
    template: issue.template,
    note,
    briefs,
    sources,
    count: countSources(issue, tier, sources),
    sourcing: sourcingOf(projection, desk.claims ?? []),
    waivers: projectWaivers(issue, desk.waivers ?? [], tier),
    logo: issue.logo,
    images,
  }
}

function projectBrief(
  brief: Brief,
  projection: Projection,
  keepImage: (file: string, src: string) => boolean,
): ProjectedBrief {
  const { mask, tier } = projection
  const { meta } = brief
  const open = mayRead(tier, meta.access)
  const image = open && meta.image !== null && keepImage(brief.file, meta.image.src) ? meta.image : null
  return {
    id: brief.id,
    file: brief.file,
    title: mask.text(meta.title),
    standfirst: mask.text(meta.standfirst),
    date: meta.date,
    authors: meta.authors.map((name) => mask.text(name)),
    tags: meta.tags,
    image: image === null ? null : maskImage(image, mask),
    locked: open ? null : meta.access,
    body: open ? projectTree(brief.body, projection, (src) => keepImage(brief.file, src)) : empty(),
    // What a correction quotes may be what the tier does not read.
    corrections: open ? meta.corrections.map(({ date, text }) => ({ date, text: mask.text(text) })) : [],
  }
}

function maskImage(image: NonNullable<ProjectedBrief['image']>, mask: Mask): ProjectedBrief['image'] {
  const credit = image.credit === null ? null : mask.text(image.credit)
  return { src: image.src, alt: mask.text(image.alt), credit }
}

function empty(): Root {
  return { type: 'root', children: [] }
}
