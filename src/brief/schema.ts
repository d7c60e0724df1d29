import { z } from 'zod'
import { parseEdtf } from './edtf.ts'

/** The frontmatter of a brief, as editors write it; every scalar arrives as a string (see `parseYaml`). */
export const briefSchema = z.strictObject(briefShape())

/** The frontmatter of `issue.md`. */
export const issueSchema = z.strictObject({
  subject: line(),
  preheader: line(),
  ...issueShape(),
  date: fullDay(),
  briefs: z.array(slug(), 'must be a list such as [first, second]').optional(),
})

/** The frontmatter of a single-file issue: the keys of both, but `briefs`, since it is the only one. */
export const singleFileSchema = z.strictObject({
  ...briefShape(),
  subject: line().optional(),
  preheader: line().optional(),
  ...issueShape(),
  date: fullDay(),
})

export type BriefFrontmatter = z.output<typeof briefSchema>
export type IssueFrontmatter = z.output<typeof issueSchema>

function briefShape() {
  return {
    title: line(),
    standfirst: line(),
    date: edtf(),
    authors: z.array(line(), 'must be a list such as [Desk]').default([]),
    tags: z.array(line(), 'must be a list such as [diplomacy]').default([]),
    access: z
      .enum(['public', 'subscriber', 'member'], 'must be public, subscriber or member')
      .default('public'),
    order: z
      .string('must be a whole number')
      .regex(/^\d{1,6}$/, 'must be a whole number')
      .transform(Number)
      .optional(),
    image: z
      .strictObject(
        { src: line(), alt: line().optional(), credit: line().optional() },
        'must have the keys src, alt and credit',
      )
      .optional(),
    /** Entries for this brief alone; `sources/` reads them, each by its own schema. */
    sources: z.array(z.unknown(), 'must be a list of sources').optional(),
    waivers: z
      .array(
        z.strictObject(
          {
            rule: z.string('must be a rule such as DC503').regex(/^DC\d{3}$/, 'must be a rule such as DC503'),
            on: line().optional(),
            reason: z.string('must be text').nullish(),
          },
          'must have the keys rule and reason',
        ),
        'must be a list',
      )
      .default([]),
    corrections: z
      .array(
        z.strictObject({ date: edtf(), text: paragraph() }, 'must have the keys date and text'),
        'must be a list',
      )
      .default([]),
  }
}

function issueShape() {
  return {
    newsletter: slug(),
    template: slug().optional(),
    status: z.enum(['draft', 'review', 'approved'], 'must be draft, review or approved'),
    lang: z
      .string('must be a language such as en')
      .regex(/^[a-z]{2,3}(-[a-z0-9]+)*$/i, 'must be a language such as en or pt-BR')
      .optional(),
  }
}

/** One line of text: what becomes a header or a heading holds no line break and no control character. */
function line() {
  return z
    .string('must be text')
    .trim()
    .min(1, 'must not be empty')
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line without control characters')
}

function paragraph() {
  return z.string('must be text').trim().min(1, 'must not be empty')
}

function slug() {
  return z.string('must be text').regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]*$/, 'must be letters, digits and hyphens')
}

function edtf() {
  return z
    .string('must be a date such as 2025-11-08')
    .refine(
      (text) => parseEdtf(text) !== null,
      'must be a date such as 2025-11-08, 2025-11, 2025 or 2025-11-08~',
    )
}

function fullDay() {
  return z.string('must be a full date such as 2025-11-08').refine((text) => {
    const date = parseEdtf(text)
    return date !== null && date.day !== null && !date.approximate
  }, 'must be a full date such as 2025-11-08')
}
