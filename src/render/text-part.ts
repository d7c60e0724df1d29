import { oneLine, treeText, underlined, type TextContext } from './text.ts'
import { sourcesView, type SourceView } from './sources-view.ts'
import { briefHead, frameView, groupByTag, type ViewInput } from './view.ts'
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
      cited: sources.cited.map(sourceText),
      consulted: sources.consulted.map(sourceText),
    },
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
    source.verified ? null : 'not verified: no snapshot',
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
