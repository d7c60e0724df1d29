import type { FormField } from './contract/frontmatter.ts'

/** Which file a text is: its keys are others. */
export type FrontmatterOf = 'issue' | 'brief' | 'single'

/** A field before it is filled in. */
export type FieldPlan = Pick<FormField, 'key' | 'label' | 'help' | 'kind' | 'required'>

const plan = (
  key: string,
  label: string,
  kind: FieldPlan['kind'],
  help: string,
  { required = false } = {},
): FieldPlan => ({ key, label, kind, help, required })

const needed = { required: true }

const mail = [
  plan('subject', 'Subject', 'line', 'Of the mail. 60 characters or fewer read best.', needed),
  plan(
    'preheader',
    'Preheader',
    'text',
    'The line after the subject in an inbox: 40 to 130 characters.',
    needed,
  ),
] as const

const issue = [
  plan('newsletter', 'Newsletter', 'choice', 'Who gets it: the newsletter of onrecord.yaml.', needed),
  plan('template', 'Look', 'choice', 'A folder of templates/.'),
  plan('date', 'Date', 'date', 'The day it is published.', needed),
  plan('status', 'State', 'choice', 'Once an approval is recorded, Approve writes it.', needed),
  plan('lang', 'Language', 'line', 'Such as en or pt-BR. Left empty: the newsletter’s.'),
] as const

const brief = [
  plan('title', 'Title', 'line', 'The headline. 90 characters or fewer fit it.', needed),
  plan(
    'standfirst',
    'Standfirst',
    'text',
    'One or two sentences below the title, up to 220 characters.',
    needed,
  ),
  plan('date', 'Date', 'line', 'A day such as 2025-11-08; a month or a year is enough.', needed),
  plan('authors', 'Authors', 'words', 'Names, as readers see them.'),
  plan('tags', 'Tags', 'words', 'Briefs are grouped by their first tag.'),
  plan(
    'access',
    'Open to',
    'choice',
    'Who may read the whole brief. Everyone sees its title and standfirst.',
  ),
  plan('order', 'Position', 'line', 'A number, where the issue does not list its briefs.'),
  plan('image.src', 'Picture', 'line', 'A file beside the brief, such as images/bosphorus.jpg.'),
  plan('image.alt', 'Description of the picture', 'text', 'What it shows, for who does not see it.'),
  plan('image.credit', 'Credit', 'line', 'Such as “Photo: A. Name”.'),
  plan('sources', 'Sources of this brief alone', 'yaml', 'Entries as in sources.yaml.'),
  plan('waivers', 'Waivers', 'yaml', 'Exceptions to the desk check, with their reasons.'),
  plan('corrections', 'Corrections', 'yaml', 'Dated; every edition shows them from then on.'),
] as const

const briefs = plan('briefs', 'Briefs', 'words', 'In the order of the mail. Left empty: all of them.')

/** The keys that a file’s frontmatter may have, in the order in which new ones are written (brief/schema.ts). */
export const plans: Readonly<Record<FrontmatterOf, readonly FieldPlan[]>> = {
  issue: [...mail, ...issue.slice(0, 4), briefs, ...issue.slice(4)],
  brief,
  // What stands for the subject and the preheader is the title and the standfirst.
  single: [
    ...brief.slice(0, 2),
    ...mail.map((each) => ({
      ...each,
      required: false,
      help: `${each.help} Left empty: the ${each.key === 'subject' ? 'title' : 'standfirst'}.`,
    })),
    ...issue,
    ...brief.slice(3),
  ],
}
