import { oneLine, treeText, underlined, type TextContext } from './text.ts'
import { sourcesView, type SourceView } from './sources-view.ts'
import { sourcingView, type SourcingView } from './sourcing-view.ts'
import { briefHead, frameView, groupByTag } from './view.ts'
import type { ViewInput } from './view-input.ts'
import { wrap } from './wrap.ts'

/**
 * The mail's text part, by the look's `text/issue.txt.hbs`: LF line ends, 72 columns, no address
 * broken. Written from the Markdown, never from the HTML.
 */
export function textPart(input: ViewInput): string {
  const { issue, template } = input
  const frame = frameView(input)
  const context: TextContext = { lang: issue.lang, invitation: invitation(frame.invitation) }
  const sources = sourcesView(issue, new Map())
  const view = {
    ...frame,
    masthead: underlined(frame.publication.name, '='),
    headline: underlined(issue.meta.subject, '='),
    note: treeText(issue.note, context),
    contents: frame.contents.map((entry, index) =>
      wrap(oneLine(entry.title), 72, `  ${index + 1}. `, '     '),
    ),
    groups: groupByTag(issue.briefs).map((group) => ({
      ...group,
      briefs: group.briefs.map((brief) => {
        const head = briefHead(brief, issue.lang)
        return {
          ...head,
          title: underlined(brief.title, '='),
          standfirst: wrap(oneLine(brief.standfirst)),
          byline: wrap([head.authors, head.dateText].filter((part) => part !== null).join(', ')),
          image:
            brief.image === null
              ? null
              : wrap(
                  `[Picture: ${oneLine(brief.image.alt)}${brief.image.credit === null ? '' : ` (${oneLine(brief.image.credit)})`}]`,
                ),
          body: treeText(brief.body, context),
          corrections: head.corrections.map(({ date, text }) =>
            wrap(`Correction, ${date}: ${oneLine(text)}`, 72, '| '),
          ),
        }
      }),
    })),
    invitationText: context.invitation === null ? null : wrap(context.invitation),
    sources: {
      any: sources.any,
      noneVerified: sources.noneVerified,
      cited: sources.cited.map(sourceText),
      consulted: sources.consulted.map(sourceText),
    },
    sourcing: sourcingLines(sourcingView(issue)),
    postalAddress: wrap(oneLine(frame.publication.postalAddress)),
  }
  return tidy(template.run('text', view))
}

/** `[3] Publisher: “Title”. Date. kind.` with its addresses on lines of their own. */
function sourceText(source: SourceView): string {
  const mark = source.number === null ? '* ' : `[${source.number}] `
  const rest = ' '.repeat(mark.length)
  const title = source.isDescription ? source.title : `“${source.title}”`
  const facts = [
    source.date,
    source.kind,
    source.authors === null ? null : `by ${source.authors}`,
    source.lang === null ? null : `in ${source.lang}`,
    source.party === null ? null : `party to the matter: ${source.party}`,
    source.via.length === 0 ? null : `via ${source.via.map((number) => `[${number}]`).join(', ')}`,
    source.noteUnverified ? 'not verified: no snapshot' : null,
    source.lockedBySection ? 'cited in a section for members' : null,
  ].filter((fact) => fact !== null)
  const lines = [
    wrap(oneLine(`${source.publisher}: ${title}. ${facts.join('; ')}.`), 72, mark, rest),
    ...source.quotes.map((quote) => wrap(`“${oneLine(quote)}”`, 72, rest)),
    ...(source.href === null ? [] : [`${rest}${source.href}`]),
    ...(source.archive === null ? [] : [`${rest}Archived: ${source.archive}`]),
  ]
  return lines.join('\n')
}

/** The sourcing statement, one wrapped line a matter. */
function sourcingLines(sourcing: SourcingView): string[] {
  const { cited, consulted, kinds, primary, primaryShare, voices, copies, keyClaims } = sourcing
  const marks = (numbers: readonly number[]): string => numbers.map((number) => `[${number}]`).join('')
  const single = sourcing.singleVoice
  const onOne =
    single.length === 0
      ? 'none on a single voice'
      : `${single.length} on a single voice: ${single.map(({ numbers }) => marks(numbers)).join('; ')}`
  const unnamed = sourcing.unnamed.map(({ number, reason, access }) => {
    const mark = number === null ? 'one read and not cited' : `[${number}]`
    return reason === null ? mark : `${mark} (${reason}; ${access})`
  })
  const waivers = sourcing.waivers.map(({ rule, name, reason }) => `${name} (${rule}): ${reason}`)
  const corrections = sourcing.corrections.map(({ date, brief }) => `${date}, ${brief}`)
  return [
    `Sources: ${cited} cited${consulted > 0 ? `, ${consulted} more read` : ''}${kinds === '' ? '' : `: ${kinds}`}.`,
    `Primary: ${primary} (${primaryShare}): official, United Nations, paper, data set or interview.`,
    `Independent voices: ${voices}; a reprint counts with its original, a party once.`,
    ...(keyClaims > 0 ? [`Key claims: ${keyClaims}; ${onOne}.`] : []),
    `Unnamed sources: ${unnamed.join('; ') || 'none'}.`,
    `Stored copies: ${copies}.`,
    `Exceptions to our checks: ${waivers.join(' ') || 'none.'}`,
    `Corrections: ${corrections.join('; ') || 'none'}.`,
  ].map((line) => wrap(oneLine(line), 72, '', '  '))
}

function invitation(found: object | null): string | null {
  if (found === null) return null
  const href = String(Reflect.get(found, 'href'))
  return Reflect.get(found, 'subscribe') === true
    ? `Subscribe to read on: ${href}`
    : `Become a member: ${href}`
}

/** No spaces at line ends, at most two empty lines together, one line end at the end. */
function tidy(text: string): string {
  return `${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim()}\n`
}
