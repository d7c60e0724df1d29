import { z } from 'zod'
import { parseEdtf } from '../brief/edtf.ts'
import { sourceKinds } from './source.ts'

/** “Thin” fields: what makes a source checkable. Their mistakes are DC103; other fields' are DC801. */
export const thinFields = {
  title: words('must be text; describe a page without a headline [in brackets]'),
  publisher: words('must be the name of the publisher'),
  url: words('must be a web address').nullish(),
  published: date(),
  accessed: date(),
} as const

export const otherFields = {
  id: z
    .string('must be text')
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens'),
  access: z.enum(['online', 'offline'], 'must be online or offline').default('online'),
  kind: z.enum(sourceKinds, `must be one of ${sourceKinds.join(', ')}`).default('reference'),
  modified: optional(date()),
  author: z
    .union([words('must be a name'), z.array(words('must be a name'))], 'must be a list of names')
    .transform(listOf)
    .default([]),
  lang: optional(
    z.string('must be text').regex(/^[a-z]{2,3}(-[a-z0-9]+)*$/i, 'must be a language such as en or pt-BR'),
  ),
  origin: optional(words('must be the id of a source or the name of a wire')),
  party: optional(words('must be the name of a party')),
  reliability: optional(z.enum(['A', 'B', 'C', 'D', 'E', 'F'], 'must be a letter from A to F')),
  archive: optional(words('must be the web address of an archived copy')),
  snapshot: optional(
    z
      .string('must be text')
      .regex(
        /^sha256:[0-9a-f]{64}$/,
        'must be sha256: and 64 hexadecimal digits, as `source snapshot` writes it',
      ),
  ),
  anonymity: optional(
    z.strictObject(
      { reason: words('must say why the source is unnamed'), access: words('must say how the source knows') },
      'must hold a reason and an access',
    ),
  ),
  quotes: z
    .union([words('must be text'), z.array(words('must be text'))], 'must be a list of passages')
    .transform(listOf)
    .default([]),
  consulted: z.boolean('must be true or false').default(false),
} as const

const waiverFields = z.strictObject(
  {
    rule: z.string('must be a rule such as DC703').regex(/^DC\d{3}$/, 'must be a rule such as DC703'),
    reason: words('must say why, for readers'),
  },
  'must hold a rule and a reason',
)

/** The waivers of a ledger entry; their mistakes are DC705. */
export const waiversSchema = z.array(waiverFields, 'must be a list').default([])

/** A whole entry. One that fails is read again by the two below, which tell DC103 from DC801. */
export const entrySchema = z.strictObject({ ...thinFields, ...otherFields, waivers: waiversSchema })

export type Entry = z.output<typeof entrySchema>

/** A ledger entry read for its thin fields alone; anything else is let through. */
export const thinSchema = z.looseObject(thinFields, 'must be an entry with id, title, publisher, url …')

/** A ledger entry read for everything but the thin fields and the waivers. */
export const otherSchema = z.strictObject(
  {
    ...otherFields,
    title: z.unknown().optional(),
    publisher: z.unknown().optional(),
    url: z.unknown().optional(),
    published: z.unknown().optional(),
    accessed: z.unknown().optional(),
    waivers: z.unknown().optional(),
  },
  'must be an entry with id, title, publisher, url …',
)

/** One line: a line break that YAML folded or kept is a space. */
function words(message: string) {
  return z
    .string(message)
    .transform((text) => text.replace(/\s+/gu, ' ').trim())
    .pipe(z.string().min(1, message))
}

function optional<T extends z.ZodType>(schema: T) {
  return schema.nullable().default(null)
}

function date() {
  return z
    .string('must be a date such as 2025-11-08, or unknown')
    .trim()
    .refine(
      (text) => text === 'unknown' || parseEdtf(text) !== null,
      'must be a date such as 2025, 2025-11 or 2025-11-08 (with ~ for “about”), or unknown',
    )
}

function listOf(value: string | string[]): string[] {
  return typeof value === 'string' ? [value] : value
}
