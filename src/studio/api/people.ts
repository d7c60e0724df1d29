import { z } from 'zod'
import { OnrecordError } from '../../core/errors.ts'
import { deliverySentence, deliverySpan, type PastDelivery } from '../../delivery/history.ts'
import { viewBytes } from '../../outbox/view.ts'
import { parseAddress } from '../../subscribers/address.ts'
import { parseName } from '../../subscribers/name.ts'
import { isAddressOf, personDetails, personState } from '../../subscribers/person.ts'
import { subscriberStates, subscriberTiers, type Subscriber } from '../../subscribers/subscriber.ts'
import { answerFrame, schemeOf } from '../answer-frame.ts'
import type {
  AddedPerson,
  Erased,
  EraseRequest,
  NewPerson,
  PeopleCounts,
  PeoplePage,
  PeopleRequest,
  Person,
  PersonChange,
  PersonDeliveries,
  PersonDelivery,
  PersonLine,
  ReceivedMessage,
} from '../contract/people.ts'
import type { StudioStores, Surface } from '../deps.ts'
import { answerChecks, answerMessage, withSiteHere } from '../shown-message.ts'
import { bodyOf, download } from './answer.ts'

const PAGE = 50
const PAST = 30

const tier = z.enum(subscriberTiers)
const newsletter = z.string().max(200)

const request = z.object({
  text: z.string().max(1_000),
  newsletter: newsletter.nullable(),
  tier: tier.nullable(),
  state: z.enum(subscriberStates).nullable(),
  after: z.number().int().nullable(),
}) satisfies z.ZodType<PeopleRequest>

const added = z.object({
  address: z.string().max(1_000),
  name: z.string().max(1_000),
  tier,
  newsletter,
  again: z.boolean(),
}) satisfies z.ZodType<NewPerson>

const changed: z.ZodType<PersonChange> = z.discriminatedUnion('change', [
  z.object({ change: z.literal('set'), name: z.string().max(1_000), tier }),
  z.object({ change: z.literal('unsubscribe'), newsletter: newsletter.nullable() }),
  z.object({ change: z.literal('suppress'), note: z.string().max(1_000) }),
  z.object({ change: z.literal('pause'), weeks: z.number().int().min(0).max(52) }),
])

/** In milliseconds. */
const WEEK = 7 * 24 * 3_600_000

const erasing = z.object({ typed: z.string().max(1_000) }) satisfies z.ZodType<EraseRequest>

/** The subscribers: list, search, changes, one person’s history. Imports are in import.ts. */
export const people: Surface = (app, { deps, events, library }) => {
  const knownNewsletter = async (key: string): Promise<string> => {
    const { publication } = await library.shelf()
    if (publication !== null && Object.hasOwn(publication.newsletters, key)) return key
    throw new OnrecordError('usage', 'There is no such newsletter in onrecord.yaml.')
  }
  const tellAll = (): void => events.send({ what: 'people' })

  app.post('/api/people/search', async (c) => {
    const { text, after, ...filter } = await bodyOf(c, request)
    const { subscribers } = await deps.stores()
    const page = { after, limit: PAGE, signal: c.req.raw.signal }
    const found = await subscribers.search({ ...filter, text }, page)
    const lines = found.people.map((each) => lineOf(each, filter.newsletter))
    return c.json<PeoplePage>({ people: lines, next: found.next })
  })

  app.get('/api/people/counts', async (c) => {
    const { subscribers } = await deps.stores()
    return c.json<PeopleCounts>(await subscribers.counts(c.req.query('newsletter') ?? null))
  })

  app.post('/api/people', async (c) => {
    const given = await bodyOf(c, added)
    const address = parseAddress(given.address)
    if (!address.ok) throw new OnrecordError('usage', `The address ${address.reason}.`)
    const name = nameOf(given.name)
    const stores = await deps.stores()
    const outcome = await stores.subscribers.add({
      ...{ address: address.value, name, tier: given.tier, again: given.again, source: 'operator' },
      newsletter: await knownNewsletter(given.newsletter),
    })
    if (outcome === 'suppressed')
      throw new OnrecordError('refused', 'This address is suppressed: it must not be written to.')
    if (outcome === 'erased')
      throw new OnrecordError('refused', 'This address was erased on request and is not added again.', {
        hint: 'They can sign up themselves, on the site.',
      })
    if (outcome === 'left') return c.json<AddedPerson>({ outcome, id: null })
    tellAll()
    const person = await stores.subscribers.find(address.value)
    return c.json<AddedPerson>({ outcome, id: person?.publicId ?? null })
  })

  app.get('/api/people/:id', async (c) => c.json(await personOf(await deps.stores(), c.req.param('id'))))

  app.get('/api/people/:id/data', async (c) => {
    const { readers } = await deps.stores()
    const data = (await readers.personalData(c.req.param('id'))) ?? nobody()
    return download(`${JSON.stringify(data, null, 2)}\n`, 'person.json', 'application/json')
  })

  app.post('/api/people/:id', async (c) => {
    const id = c.req.param('id')
    const change = await bodyOf(c, changed)
    const stores = await deps.stores()
    await carryOut(stores, await somebody(stores, id), change)
    tellAll()
    return c.json(await personOf(stores, id))
  })

  app.post('/api/people/:id/erase', async (c) => {
    const { typed } = await bodyOf(c, erasing)
    const stores = await deps.stores()
    const person = await somebody(stores, c.req.param('id'))
    if (!isAddressOf(person, typed))
      throw new OnrecordError('refused', 'That is not their address: nobody was erased.', {
        hint: 'Type it as it stands above.',
      })
    await stores.readers.erasePerson(person.publicId)
    tellAll()
    events.send({ what: 'outbox' })
    return c.json<Erased>({ copies: stores.keptCopies() })
  })

  app.get('/api/people/:id/deliveries', async (c) => {
    const after = numberOf(c.req.query('after'))
    const { history } = await deps.stores()
    const page = await history.page({ publicId: c.req.param('id') }, { after, limit: PAST })
    return c.json<PersonDeliveries>({ deliveries: page.deliveries.map(deliveryOf), next: page.next })
  })

  app.get('/api/people/deliveries/:delivery', async (c) => {
    const found = await receivedOf(await deps.stores(), c.req.param('delivery'))
    if (found === null) throw new OnrecordError('not-found', 'There is no such delivery.')
    const { delivery, view, made } = found
    return c.json<ReceivedMessage>({
      delivery: deliveryOf(delivery),
      message: view && answerMessage(view, `/frame/received/${delivery.id}`),
      checks: view && answerChecks(view),
      exact: made.exact,
      differs: made.differs,
    })
  })

  app.get('/frame/received/:delivery', async (c) => {
    const html = (await receivedOf(await deps.stores(), c.req.param('delivery')))?.view?.html ?? null
    if (html === null) return c.notFound()
    return answerFrame(withSiteHere(deps, html), {
      scheme: schemeOf(c.req.query('scheme')),
      baseUrl: null,
    })
  })
}

async function somebody({ subscribers }: StudioStores, publicId: string): Promise<Subscriber> {
  return (await subscribers.find({ publicId })) ?? nobody()
}

function nobody(): never {
  throw new OnrecordError('not-found', 'There is no such person.')
}

async function personOf({ subscribers, readers }: StudioStores, publicId: string): Promise<Person> {
  const { kept: _, ...person } = (await personDetails(subscribers, readers, publicId)) ?? nobody()
  return person
}

async function carryOut(stores: StudioStores, person: Subscriber, change: PersonChange): Promise<void> {
  const { subscribers } = stores
  const { publicId } = person
  const address = parseAddress(person.address ?? '')
  if (person.erasedAt !== null || !address.ok)
    throw new OnrecordError('refused', 'They were erased: there is nothing left to change.')
  switch (change.change) {
    case 'set':
      await subscribers.set({ publicId }, { name: nameOf(change.name), tier: change.tier })
      return
    case 'unsubscribe':
      await subscribers.unsubscribe({ publicId }, change.newsletter)
      return
    case 'suppress':
      await subscribers.suppress(address.value, 'operator', nameOf(change.note))
      return
    case 'pause':
      if (change.weeks > 0 && !person.subscriptions.some(({ state }) => state === 'confirmed'))
        throw new OnrecordError('refused', 'They get nothing that could be paused.')
      await stores.readers.pause(publicId, change.weeks === 0 ? null : Date.now() + change.weeks * WEEK)
  }
}

/** @throws OnrecordError `usage` */
function nameOf(text: string): string | null {
  const name = parseName(text)
  if (!name.ok) throw new OnrecordError('usage', `What you wrote ${name.reason}.`)
  return name.value
}

function lineOf(person: Subscriber, newsletter: string | null): PersonLine {
  const { publicId, address, name, tier, subscriptions, createdAt } = person
  return {
    ...{ id: publicId, address, name, tier, since: createdAt },
    state: personState(person, newsletter),
    newsletters: subscriptions.filter(({ state }) => state !== 'left').map((each) => each.newsletter),
  }
}

function deliveryOf(delivery: PastDelivery): PersonDelivery {
  const { id, tier, subject, state, attempts, round } = delivery
  return {
    ...{ id, tier, subject, state, attempts },
    issue: round.issue,
    rehearsal: round.kind === 'rehearsal',
    sentence: deliverySentence(delivery),
    ...deliverySpan(delivery),
  }
}

/** A message made again, as it is shown; null: there is no such delivery. */
async function receivedOf({ history, received }: StudioStores, text: string) {
  const id = numberOf(text)
  const delivery = id === null ? null : await history.delivery(id)
  const made = id === null ? null : await received(id)
  if (delivery === null || made === null) return null
  const { bytes } = made
  const at = delivery.acceptedAt ?? delivery.firstAttemptAt ?? 0
  const head = { name: '', received: at, copies: 1, size: bytes?.length ?? 0 }
  return { delivery, made, view: bytes === null ? null : await viewBytes(bytes, head) }
}

function numberOf(text: string | undefined): number | null {
  const number = Number(text ?? Number.NaN)
  return Number.isSafeInteger(number) && number >= 0 ? number : null
}
