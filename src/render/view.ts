import type { Root } from 'mdast'
import { placeOf } from '../core/finding.ts'
import { definitionsOf } from './definitions.ts'
import type { ProjectedBrief } from '../issue/issue.ts'
import { imagePath } from '../issue/image-path.ts'
import { isBody } from './author.ts'
import { formatDate } from './date.ts'
import { directionOf } from './direction.ts'
import { buttonData, directiveData, safe } from './directives.ts'
import { blocksHtml, type HtmlContext, type ShownImage } from './html.ts'
import { linkedData } from './linked-data.ts'
import { sourcesView } from './sources-view.ts'
import { sourcingView } from './sourcing-view.ts'
import { paper, themeOf } from './theme.ts'
import type { ViewInput } from './view-input.ts'

/** CSS pixels of text width: the column of 600 without its margins. */
const MAIL_MEASURE = 536

/** The data that `issue.mjml.hbs` or `issue.html.hbs` is given; templates/weekly/README.md lists it. */
export function htmlView(input: ViewInput, medium: 'email' | 'web') {
  const { issue, publication, baseUrl, template } = input
  const frame = frameView(input)
  const cited = new Map<number, number>()
  const theme = themeView(publication)
  const marks = medium === 'email' ? input.marks : undefined
  const image = (file: string, src: string): ShownImage | null => {
    const found = issue.images.get(imagePath(file, src) ?? '')
    if (found === undefined) return null
    // Outlook goes by the attribute alone: never wider than the mail's measure.
    const width = medium === 'email' ? Math.min(found.width, MAIL_MEASURE) : found.width
    const height = Math.round((found.height * width) / found.width)
    return { src: `${baseUrl}/images/${found.name}`, width, height }
  }
  const contextOf = (file: string, body: Root): HtmlContext => ({
    medium,
    lang: issue.lang,
    definitions: definitionsOf(body),
    image: (src) => image(file, src),
    directive: (node, context) =>
      template.partial(medium, node.type, {
        ...directiveData(node, context, frame.invitation),
        dir: frame.dir,
        theme,
      }),
    cited,
    headings: { shift: 3 - shallowest(body), last: 2 },
    mark: marks && ((html, node) => marks.mark(html, placeOf(file, node.position))),
  })
  // In reading order, since the web counts each citation of a source to lead back to it.
  const noteFile = issue.file
  const note = segments(issue.note, contextOf(noteFile, issue.note))
  const groups = groupByTag(issue.briefs).map((group) => ({
    ...group,
    briefs: group.briefs.map((brief) => ({
      ...briefHead(brief, issue.lang),
      title: marks?.markValue(brief.title, brief.id, 'title') ?? brief.title,
      standfirst: marks?.markValue(brief.standfirst, brief.id, 'standfirst') ?? brief.standfirst,
      /** “By” is for persons: a desk signs with its name alone. */
      byPerson: brief.authors.some((name) => !isBody(name, publication.name)),
      image: brief.image === null ? null : withText(image(brief.file, brief.image.src), brief.image),
      segments: segments(brief.body, contextOf(brief.file, brief.body)),
      partial: brief.tags.map((tag) => `brief-${tag}`).find((name) => template.has(medium, name)) ?? 'brief',
    })),
  }))
  const firstImage = groups.flatMap((group) => group.briefs).find((brief) => brief.image !== null)?.image
  return {
    ...frame,
    theme,
    publication: {
      ...frame.publication,
      logo: issue.logo === null ? null : asLogo(image('.', issue.logo)),
    },
    shareImage: firstImage ?? null,
    note: note.length > 0 ? note : null,
    groups,
    sources: sourcesView(issue, cited),
    sourcing: sourcingView(issue),
    linkedData: medium === 'web' ? safe(linkedData(input)) : null,
  }
}

/** Colours and type for a style sheet. */
export function themeView(publication: Pick<ViewInput['publication'], 'theme'>) {
  return Object.fromEntries(
    Object.entries({ ...themeOf(publication.theme), paper: paper.light, paperDark: paper.dark }).map(
      // Colours passed a schema and font stacks are ours: quotation marks in CSS must stay as they are.
      ([name, value]) => [name, safe(value)],
    ),
  )
}

/** What every medium is given alike. */
export function frameView(input: ViewInput) {
  const { issue, publication, baseUrl } = input
  const newsletter = publication.newsletters[issue.meta.newsletter]
  const dir = directionOf(issue.lang)
  return {
    lang: issue.lang,
    dir,
    /** The sides where a line begins and ends: mail programs know no `inline-start`. */
    start: dir === 'rtl' ? ('right' as const) : ('left' as const),
    end: dir === 'rtl' ? ('left' as const) : ('right' as const),
    tier: issue.tier,
    isPublic: issue.tier === 'public',
    isMember: issue.tier === 'member',
    /** The subscriber's own label for the tier, from onrecord.yaml. */
    tiers: publication.tiers,
    publication: {
      name: publication.name,
      tagline: publication.theme.tagline ?? null,
      postalAddress: publication.postalAddress,
      url: baseUrl,
    },
    newsletter: {
      name: newsletter?.name ?? issue.meta.newsletter,
      description: newsletter?.description ?? '',
    },
    issue: {
      id: issue.id,
      subject: issue.meta.subject,
      preheader: issue.meta.preheader,
      date: issue.meta.date,
      dateText: formatDate(issue.meta.date, issue.lang),
      url: `${baseUrl}/issues/${encodeURIComponent(issue.id)}`,
    },
    contents: issue.briefs.map((brief) => ({ title: brief.title, anchor: `b-${brief.id}` })),
    /** A table of contents helps from two briefs on. */
    hasContents: issue.briefs.length > 1,
    count: {
      total: issue.sources.length,
      linked: issue.count.linked,
      unlocked: issue.count.unlockedBySubscribing,
    },
    invitation: invitation(input),
  }
}

/** What a brief's head shows, in every medium. */
export function briefHead(brief: ProjectedBrief, lang: string) {
  return {
    id: brief.id,
    anchor: `b-${brief.id}`,
    title: brief.title,
    standfirst: brief.standfirst,
    date: brief.date,
    dateText: formatDate(brief.date, lang),
    authors: brief.authors.length > 0 ? brief.authors.join(', ') : null,
    tags: brief.tags,
    locked: brief.locked,
    /** A whole brief that is locked says so, where its body brings no teaser of its own. */
    lockedNotice: brief.locked !== null && brief.body.children.length === 0 ? brief.locked : null,
    corrections: brief.corrections.map(({ date, text }) => ({ date: formatDate(date, lang), text })),
  }
}

/** Briefs by their first tag, groups in the order in which they first appear. */
export function groupByTag(briefs: readonly ProjectedBrief[]) {
  const groups = new Map<string | null, ProjectedBrief[]>()
  for (const brief of briefs) {
    const tag = brief.tags[0] ?? null
    groups.set(tag, [...(groups.get(tag) ?? []), brief])
  }
  return Array.from(groups, ([tag, members]) => ({
    tag,
    label: tag === null ? null : tag.split('-').map(capital).join(' '),
    briefs: members,
  }))
}

/** A run of prose, or a button that MJML writes. */
interface Segment {
  readonly html: object | null
  readonly button: object | null
}

/**
 * A tree as the parts of one column: runs of HTML, and buttons, which MJML writes. All that
 * stands between two buttons is one run, since structure makes mail large, not words.
 */
function segments(root: Root, context: HtmlContext): Segment[] {
  const parts: Segment[] = []
  let run: Root['children'] = []
  const flush = (): void => {
    const html = blocksHtml(run, context)
    if (html.trim() !== '') parts.push({ html: safe(html), button: null })
    run = []
  }
  for (const node of root.children) {
    if (context.medium === 'email' && node.type === 'button') {
      flush()
      parts.push({ html: null, button: buttonData(node, context) })
    } else run.push(node)
  }
  flush()
  return parts
}

/** Where a locked section sends its reader; a member needs no invitation. */
function invitation({ issue, publication, subscribeUrl = null }: ViewInput): object | null {
  if (issue.tier === 'member') return null
  const address = publication.replyTo ?? publication.from.address
  const write = (subject: string): string =>
    `mailto:${encodeURI(address)}?subject=${encodeURIComponent(subject)}`
  if (issue.tier === 'subscriber') {
    return { subscribe: false, href: write(publication.tiers.member), label: publication.tiers.member }
  }
  const name = publication.newsletters[issue.meta.newsletter]?.name ?? publication.name
  return {
    subscribe: true,
    href: subscribeUrl ?? write(`Subscribe: ${name}`),
    label: publication.tiers.subscriber,
  }
}

function withText(
  shown: ShownImage | null,
  { alt, credit }: { readonly alt: string; readonly credit: string | null },
): (ShownImage & { alt: string; credit: string | null }) | null {
  return shown === null ? null : { ...shown, alt, credit }
}

/** The level of the highest heading in a body, which becomes a third-level one under the brief's title. */
function shallowest(body: Root): number {
  const depths = body.children.flatMap((node) => (node.type === 'heading' ? [node.depth] : []))
  return Math.min(3, ...depths)
}

/** A logo stands above the name, not instead of it: at most 240 × 72 CSS pixels. */
function asLogo(shown: ShownImage | null): ShownImage | null {
  if (shown === null) return null
  const scale = Math.min(1, 240 / shown.width, 72 / shown.height)
  return { ...shown, width: Math.round(shown.width * scale), height: Math.round(shown.height * scale) }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
