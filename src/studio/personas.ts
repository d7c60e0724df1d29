import { z } from 'zod'
import { parseWith } from '../core/schema.ts'
import { tiers, type Tier } from '../core/tier.ts'
import { createTokens } from '../core/token.ts'
import { parseYaml } from '../core/yaml.ts'
import { messageId } from '../delivery/message-id.ts'
import { readerLinks } from '../delivery/reader-links.ts'
import { sampleRecipient } from '../email/compile.ts'
import type { Recipient } from '../email/edition.ts'
import { openFiles } from '../issue/files.ts'
import { personState } from '../subscribers/person.ts'
import type { Subscriber, SubscriberState } from '../subscribers/subscriber.ts'
import type { Persona, Personas } from './contract/preview.ts'
import type { StudioStores } from './deps.ts'

/** The people as whom an issue can be looked at. */
export interface Readers {
  /** The samples, and with words the newest subscribers whom they find, at most twenty. */
  list(words: string, newsletter: string | null): Promise<Personas>
  /** Null: there is nobody of that id any more. */
  find(id: string, newsletter: string | null): Promise<Persona | null>
}

/** What of an edition stands in a person's links and headers. */
export interface Addressing {
  readonly issue: string
  readonly newsletter: string
  readonly date: string
  /** Of the edition; nothing that leads anywhere. */
  readonly hash: string
  readonly baseUrl: string
  /** Of the sender's address. */
  readonly idHost: string
}

/** Where a publication may name sample people of its own. */
const SAMPLES_FILE = 'sample-readers.yaml'

const MOST_FOUND = 20
const LARGEST_FILE = 64 * 1024

const samplesSchema = z
  .array(
    z.strictObject({
      name: z.string().max(200).default(''),
      address: z.string().trim().min(3).max(254),
      tier: z.enum(tiers, 'must be public, subscriber or member').optional(),
    }),
  )
  .min(1, 'must name at least one reader')
  .max(20, 'are too many: 20 are enough')

type Sample = Pick<Persona, 'name' | 'address' | 'tier'>

/** Those whose names and addresses are apt to break a mail. */
const ownSamples: readonly Sample[] = [
  { name: 'Ann O’Neil', address: 'ann@example.org', tier: null },
  {
    name: 'Prof. Dr. Maximiliane-Theodora Freifrau von Hohenlohe-Waldenburg-Schillingsfürst',
    address:
      'maximiliane-theodora.hohenlohe-waldenburg-schillingsfuerst@correspondence.department.example.org',
    tier: null,
  },
  { name: 'ليلى الخطيب', address: 'layla@example.org', tier: null },
  { name: '山田 花子', address: 'hanako@example.org', tier: null },
  { name: '<b>{{name}}</b> & “Sons”', address: 'markup@example.org', tier: null },
]

/** By whom an edition is measured, and as whom it is looked at first. */
const usual: Persona = {
  id: 'sample',
  name: null,
  address: 'a.reader.of.ours@example.org',
  tier: null,
  sample: true,
  plain: false,
  note: null,
}

/** @param root the publication's folder */
export function openReaders(
  root: string,
  stores: () => Promise<Pick<StudioStores, 'subscribers' | 'readers'>>,
): Readers {
  const samples = async (): Promise<Personas> => {
    const read = await (await openFiles(root)).read(SAMPLES_FILE, LARGEST_FILE)
    const named = (all: readonly Sample[]): Persona[] =>
      all.map((each, index) => ({
        ...each,
        id: `sample:${index + 1}`,
        sample: true,
        plain: false,
        note: null,
      }))
    if (read.kind === 'missing') return { personas: [usual, ...named(ownSamples)], problem: null }
    if (read.kind !== 'bytes')
      return { personas: [usual, ...named(ownSamples)], problem: `${SAMPLES_FILE} cannot be read.` }
    const { value, findings } = parseWith(
      samplesSchema,
      parseYaml(Buffer.from(read.bytes).toString('utf8'), SAMPLES_FILE),
    )
    const [wrong] = findings
    const problem = wrong === undefined ? null : `${SAMPLES_FILE}, line ${wrong.line}: ${wrong.message}`
    const own = value?.map(({ name, address, tier = null }) => ({ name: name || null, address, tier }))
    return { personas: [usual, ...named(own ?? ownSamples)], problem }
  }
  return {
    async list(words, newsletter) {
      const known = await samples()
      if (words.trim() === '') return known
      const { subscribers } = await stores()
      const { people } = await subscribers.search({ text: words }, { after: null, limit: MOST_FOUND })
      return { ...known, personas: people.flatMap((person) => personaOf(person, newsletter) ?? []) }
    },
    async find(id, newsletter) {
      if (id === usual.id) return usual
      if (id.startsWith('sample:'))
        return (await samples()).personas.find((persona) => persona.id === id) ?? null
      if (!/^[a-z2-7]{20}$/.test(id)) return null
      const { subscribers, readers } = await stores()
      const person = await subscribers.find({ publicId: id })
      const persona = person === null ? null : personaOf(person, newsletter)
      return persona && { ...persona, plain: (await readers.account(id))?.format === 'text' }
    },
  }
}

/** Null: erased. */
function personaOf(person: Subscriber, newsletter: string | null): Persona | null {
  const { publicId, address, name, tier } = person
  if (address === null) return null
  const note = notes[personState(person, newsletter)]
  return { id: publicId, name, address, tier, sample: false, plain: false, note }
}

const notes: Readonly<Record<SubscriberState, string | null>> = {
  confirmed: null,
  pending: 'Has not confirmed yet, and gets no issue.',
  paused: 'Has paused this newsletter, and gets no issue for now.',
  left: 'Does not take this newsletter, and gets no issue.',
  suppressed: 'Must not be written to, and gets no issue.',
  erased: null,
}

/**
 * Links are as long and of the same form as those that are sent, so that every byte is where it will be; but they are
 * signed with this, which is no publication's key, so that they open and change nothing.
 */
const inert = 'for previews alone: what is signed with this opens nothing'

/** What makes this person's message from an edition, as sending does it. */
export function recipientOf(persona: Persona, tier: Tier, to: Addressing): Recipient {
  const { issue, newsletter, date, hash, baseUrl, idHost } = to
  const envelope = { baseUrl }
  const sample = sampleRecipient({ hash, date, envelope })
  const { id, name, address } = persona
  if (persona.sample || tier === 'public') return { ...sample, name, address }
  const tokens = createTokens(inert)
  const listId = { name: '', id: '' }
  const from = { name: '', address: '' }
  return {
    ...sample,
    name,
    address,
    format: persona.plain ? 'text' : 'html',
    messageId: messageId(tokens, { issue, kind: 'real', number: 1 }, id, idHost),
    ...readerLinks(tokens, { issue, newsletter, envelope: { from, replyTo: null, listId, baseUrl } }, id),
  }
}
