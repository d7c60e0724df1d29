import { z } from 'zod'
import { mailClientIds, usualMailClients } from './mail-clients.ts'
import { didYouMean } from './nearest.ts'
import { rules } from './rules.ts'

const weekday = '(?:[Mm]on|[Tt]ues|[Ww]ednes|[Tt]hurs|[Ff]ri|[Ss]atur|[Ss]un)day'
const oneDay = `(?:(?:first|second|third|fourth|last) )?${weekday}`

/** When issues of a newsletter go out, in the publication's time zone. */
const cadenceSchema = z.strictObject({
  every: z
    .string()
    .regex(
      new RegExp(`^(?:day|${oneDay}(?: and ${oneDay})*)$`),
      'must be a day such as Friday, “Monday and Thursday”, “first Monday”, or “day” for every one',
    ),
  at: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as "07:00"'),
})

/** When issues go out: `every` Friday, or first Monday, `at` 07:00. */
export type Cadence = z.output<typeof cadenceSchema>

/** One newsletter of a publication: what people subscribe to. */
const newsletterSchema = z.strictObject({
  name: text('a name'),
  description: z.string().default(''),
  template: z.string().default('weekly'),
  /** RFC 2919: a name under a domain of the publication; default `<key>.<host of url>`. */
  listId: z
    .string()
    .regex(/^[a-z0-9.-]+$/i, 'must be letters, digits, dots and hyphens')
    .optional(),
  lang: z.string().optional(),
  /** What a reader agrees to when signing up; kept with each consent. Default: `consentWords`. */
  consent: z.string().trim().min(1, 'must be a sentence').optional(),
  /** The next draft is opened by it. */
  cadence: cadenceSchema.optional(),
})

const mailboxSchema = z.strictObject({ name: text('a name'), address: emailAddress() })

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as "#8a1c1c"')

/** `onrecord.yaml`, as editors write it. Numbers arrive as strings (see `parseYaml`). */
export const publicationSchema = z.strictObject({
  name: text('the publication’s name'),
  url: z.url('must be a web address such as https://brief.example.org'),
  from: mailboxSchema,
  /** In a header of every message: one of 8-bit text would need SMTPUTF8 (RFC 6531) for every reader. */
  replyTo: emailAddress()
    .refine(
      (address) => /^[!-~]*(@|$)/.test(address),
      'must have only ASCII before its @: not every server carries a message that names another',
    )
    .optional(),
  postalAddress: text('a postal address'),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Malta').default('UTC'),
  lang: z
    .string()
    .regex(/^[a-z]{2,3}(-[a-z0-9]+)*$/i, 'must be a language such as en or pt-BR')
    .default('en'),
  newsletters: z
    .record(
      z.string().regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens'),
      newsletterSchema,
    )
    .refine((all) => Object.keys(all).length > 0, 'must name at least one newsletter'),
  tiers: z
    .strictObject({ subscriber: z.string().default('Subscriber'), member: z.string().default('Member') })
    .default({ subscriber: 'Subscriber', member: 'Member' }),
  theme: z
    .strictObject({
      accent: colour.default('#8a1c1c'),
      accentDark: colour.optional(),
      font: z.enum(['serif', 'sans'], 'must be serif or sans').default('serif'),
      logo: z.string().optional(),
      tagline: z.string().optional(),
    })
    .default({ accent: '#8a1c1c', font: 'serif' }),
  /** The mail programs that readers use; the studio speaks of no others. */
  clients: z
    .array(z.enum(mailClientIds, 'must be a mail program that docs/configuration.md lists'))
    .min(1, 'must name at least one mail program')
    .default([...usualMailClients]),
  desk: z
    .strictObject({
      severities: z
        .record(z.string(), z.enum(['error', 'warning', 'info'], 'must be error, warning or info'))
        .superRefine(knownRules)
        .default({}),
      staleAfterDays: z.coerce.number().int().positive().default(365),
    })
    .default({ severities: {}, staleAfterDays: 365 }),
  policies: z
    .strictObject({
      corrections: z.string().optional(),
      unnamedSources: z.string().optional(),
      funding: z.string().optional(),
      /** How the desk works with sources, before what the desk check enforces. */
      sourcing: z.string().optional(),
      /** What is kept of readers, linked at each form. */
      privacy: z.string().optional(),
    })
    .default({}),
})

/** What editors own: the publication's name, address, newsletters, labels, colours, policies. */
export type Publication = z.output<typeof publicationSchema>

/** The sentence that a reader of `newsletter` agrees to. */
export function consentWords(publication: Publication, newsletter: string): string {
  const found = publication.newsletters[newsletter]
  return (
    found?.consent ??
    `I want ${found?.name ?? newsletter} by mail from ${publication.name}. I can leave at any time with the link in every message.`
  )
}

function text(what: string) {
  return z.string('must be text').trim().min(1, `must be ${what}`)
}

function emailAddress() {
  return z
    .string('must be text')
    .regex(/^[^\s@<>"(),;:\\]+@[^\s@<>"(),;:\\]+\.[^\s@<>"(),;:\\]+$/, 'must be an e-mail address')
}

/** Each name that is no rule, at its line, with the nearest that is. */
function knownRules(severities: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const name of Object.keys(severities)) {
    if (Object.hasOwn(rules, name)) continue
    const hint = didYouMean(name, Object.keys(rules)) ?? 'docs/desk/README.md lists them'
    context.addIssue({
      code: 'custom',
      path: [name],
      message: `is no rule of the desk check; ${hint.replace(/\?$/u, '')}`,
    })
  }
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
