import type { MailClientId } from '../../core/mail-clients.ts'
import data from './data/caniemail.json' with { type: 'json' }

/** Whether a mail program knows a feature, by its newest version that caniemail has tested. */
export interface Support {
  readonly level: 'full' | 'partial' | 'none' | 'unknown'
  /** The version that was tested: a number, or a month for programs without. */
  readonly version: string
  /** What caniemail's testers add, without markup. */
  readonly notes: readonly string[]
}

/** A feature of caniemail's data. */
export interface Feature {
  readonly title: string
  /** Its page, for who wants to know more. */
  readonly url: string
  readonly support: Readonly<Record<string, string>>
  readonly notes: Readonly<Record<string, string>>
}

const known: Readonly<Record<string, Feature>> = data.features
const features: ReadonlyMap<string, Feature> = new Map(Object.entries(known))

/** The day of caniemail's data, ISO. */
export const supportUpdated: string = data.updated

/** Null where the data has no such feature. */
export function featureOf(slug: string): Feature | null {
  return features.get(slug) ?? null
}

const levels: Readonly<Record<string, Support['level']>> = { y: 'full', a: 'partial', n: 'none' }

/** `unknown` also where nobody tested it. */
export function supportOf(feature: Feature, client: MailClientId): Support {
  const [version = '', level = '', ...marks] = (feature.support[client] ?? '').split(' ')
  const notes = marks.flatMap((mark) => feature.notes[mark.replace('#', '')] ?? [])
  return { level: levels[level] ?? 'unknown', version, notes }
}
