import { OnrecordError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import type { Address } from '../subscribers/address.ts'
import {
  stateOf,
  subscriberStates,
  type Subscriber,
  type SubscriberState,
  type SubscriberTier,
} from '../subscribers/subscriber.ts'
import type { Account } from '../subscribers/readers.ts'
import type { SubscriberCounts } from '../subscribers/store.ts'
import type { DeliveryRecord } from '../delivery/report.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { deliveryJson, deliveryRows } from './delivery-text.ts'
import type { SubscribersOptions } from './subscribers-program.ts'
import { alignRows, columnWidths } from './table.ts'

/** So many rows are measured before the first is printed; the rest keep their columns. */
const MEASURED = 500

/** `subscribers list`: everybody, one a line, read page by page. */
export async function list(
  context: Context,
  options: SubscribersOptions,
  tier: SubscriberTier | null,
): Promise<ExitCode> {
  const { subscribers } = await context.app()
  const { newsletter } = options
  const people = subscribers.list({ newsletter, tier, state: readState(options.state) })
  const shown = await (context.options.json
    ? printJson(context, people)
    : printTable(context, people, newsletter))
  if (context.options.json) return exit.done
  if (shown === 0) context.note('Nobody matches. “onrecord subscribers import people.csv” brings people in.')
  else context.note(`\n${countsText(await subscribers.counts(newsletter))}`)
  return exit.done
}

/** `subscribers show`: all that is kept about one person, and what they were sent. */
export async function show(context: Context, address: Address): Promise<ExitCode> {
  const app = await context.app()
  const { subscribers, reports } = app
  const person = await subscribers.find(address)
  const { sessionDays } = context.config()
  const readers = app.readers({ sessionDays })
  const account = person === null ? null : await readers.account(person.publicId)
  const data = person === null ? null : await readers.personalData(person.publicId)
  const suppression = await subscribers.suppressionOf(address)
  if (person === null && suppression === null) {
    throw new OnrecordError('not-found', `There is no subscriber ${address.address}.`, {
      hint: '“onrecord subscribers list” shows everybody',
    })
  }
  const deliveries = await reports.deliveriesTo(address)
  if (context.options.json) {
    const since = suppression === null ? null : { ...suppression, createdAt: time(suppression.createdAt) }
    const all = person === null ? { address: null, suppression: since } : personJson(person)
    // `kept`: every row there is of them, as their own download has it.
    context.print(JSON.stringify({ ...all, received: deliveries.map(receivedJson), kept: data }, null, 2))
    return exit.done
  }
  const rows: string[][] = [
    ['address', person?.address ?? `${address.address} (not a subscriber)`],
    ...(person === null ? [] : personRows(person)),
    ...(account === null ? [] : accountRows(account, lengthOf(data?.['sessions']))),
    ...(suppression === null
      ? []
      : [
          [
            'suppressed',
            [suppression.reason, suppression.note, `since ${day(suppression.createdAt)}`]
              .filter(Boolean)
              .join(', '),
          ],
        ]),
    ...(context.options.verbose ? [] : deliveries.map((each) => ['sent', summaryOf(each)])),
  ]
  for (const line of alignRows(rows)) context.print(line)
  if (context.options.verbose)
    for (const each of deliveries) context.print(['', ...alignRows(deliveryRows(each))].join('\n'))
  else if (deliveries.length > 0)
    context.note('\n--verbose says all of each; “onrecord status <issue> --who <address>” of one.')
  return exit.done
}

async function printTable(
  context: Context,
  people: AsyncIterable<Subscriber>,
  newsletter: string | null,
): Promise<number> {
  let measured: string[][] = []
  let widths: number[] | null = null
  let shown = 0
  const flush = (): void => {
    widths ??= columnWidths(measured)
    if (measured.length > 0) context.print(alignRows(measured, widths).join('\n'))
    measured = []
  }
  for await (const person of people) {
    if (context.interrupted.aborted) break
    measured.push([
      person.address ?? '(erased)',
      person.tier,
      statesText(person, newsletter),
      person.name ?? '',
    ])
    shown += 1
    if (measured.length >= MEASURED) flush()
  }
  flush()
  return shown
}

/** One array, an element a line, written as it is read. */
async function printJson(context: Context, people: AsyncIterable<Subscriber>): Promise<number> {
  let held: string | null = null
  let shown = 0
  context.print('[')
  for await (const person of people) {
    if (context.interrupted.aborted) break
    if (held !== null) context.print(`${held},`)
    held = `  ${JSON.stringify(personJson(person))}`
    shown += 1
  }
  context.print(held === null ? ']' : `${held}\n]`)
  return shown
}

function personRows(person: Subscriber): string[][] {
  return [
    ['name', person.name ?? '(none)'],
    ['tier', person.tier],
    ...person.subscriptions.map((each) => [
      each.newsletter,
      [
        stateOf(person, each),
        each.consentAt === null
          ? null
          : `consented ${day(each.consentAt)} (${each.consentSource ?? 'source unknown'})`,
        each.leftAt === null ? null : `left ${day(each.leftAt)}`,
        each.state === 'paused'
          ? `paused ${each.pausedUntil === null ? 'until they come back' : `until ${day(each.pausedUntil)}`}`
          : null,
      ]
        .filter((part) => part !== null)
        .join(', '),
    ]),
    ['added', day(person.createdAt)],
    ['changed', day(person.updatedAt)],
  ]
}

/** What they set on the site, and what they agreed to. */
function accountRows({ format, consents, change }: Account, sessions: number): string[][] {
  return [
    ['format', format === 'html' ? 'HTML' : 'text alone'],
    [
      'logged in',
      sessions === 0 ? 'nowhere' : `${number(sessions)} ${sessions === 1 ? 'session' : 'sessions'}`,
    ],
    ...(change === null
      ? []
      : [['moves to', `${change.to}, waits for the ${change.waitsFor.map(addressOf).join(' and the ')}`]]),
    ...consents.map(({ newsletter, kind, at, askedAt, form, words, network }) => [
      'consent',
      [
        `${newsletter} ${kind} ${day(at)}`,
        day(askedAt) === day(at) ? null : `asked ${day(askedAt)}`,
        `by ${form}`,
        network === null ? null : `from ${network}`,
        words === '' ? null : `“${words}”`,
      ]
        .filter((part) => part !== null)
        .join(', '),
    ]),
  ]
}

function addressOf(side: 'from' | 'to'): string {
  return side === 'from' ? 'former address' : 'new one'
}

function lengthOf(part: unknown): number {
  return Array.isArray(part) ? part.length : 0
}

function personJson(person: Subscriber): object {
  return {
    address: person.address,
    name: person.name,
    tier: person.tier,
    subscriptions: person.subscriptions.map((each) => ({
      newsletter: each.newsletter,
      state: stateOf(person, each),
      consentAt: time(each.consentAt),
      consentSource: each.consentSource,
      leftAt: time(each.leftAt),
      pausedUntil: time(each.pausedUntil),
    })),
    suppression:
      person.suppression === null
        ? null
        : { ...person.suppression, createdAt: time(person.suppression.createdAt) },
    erasedAt: time(person.erasedAt),
    createdAt: time(person.createdAt),
    updatedAt: time(person.updatedAt),
  }
}

/** A rehearsal went to the outbox, and not to the person. */
function receivedJson(each: DeliveryRecord): object {
  return { ...deliveryJson(each), rehearsal: each.round.kind === 'rehearsal', at: time(each.updatedAt) }
}

/** “2025-w46, accepted 2025-11-12, as member, edition 1a2b3c4d5e6f”. */
function summaryOf({ round, state, tier, editionHash, updatedAt }: DeliveryRecord): string {
  const parts = [round.issue, `${state} ${day(updatedAt)}`, `as ${tier}`]
  if (editionHash !== null) parts.push(`edition ${editionHash.slice(0, 12)}`)
  return parts.join(', ') + (round.kind === 'rehearsal' ? ' (rehearsal)' : '')
}

function statesText(person: Subscriber, newsletter: string | null): string {
  if (person.erasedAt !== null) return 'erased'
  const chosen = person.subscriptions.filter((each) => newsletter === null || each.newsletter === newsletter)
  // With one newsletter the state says it all.
  if (person.subscriptions.length === 1 || newsletter !== null)
    return chosen.map((each) => stateOf(person, each)).join(', ')
  return chosen.map((each) => `${each.newsletter} ${stateOf(person, each)}`).join(', ')
}

/** “1,003 subscriptions: 1,000 confirmed (800 subscribers, 200 members), 3 left”. */
function countsText(counts: SubscriberCounts): string {
  const parts = subscriberStates
    .filter((state) => counts.states[state] > 0)
    .map((state) => {
      const tiers =
        state === 'confirmed'
          ? ` (${number(counts.tiers.subscriber)} as subscribers, ${number(counts.tiers.member)} as members)`
          : ''
      return `${number(counts.states[state])} ${state}${tiers}`
    })
  return `In all ${number(counts.total)}: ${parts.join(', ')}`
}

function readState(text: string | null): SubscriberState | null {
  if (text === null) return null
  const state = subscriberStates.find((each) => each === text)
  if (state !== undefined) return state
  throw new OnrecordError('usage', `There is no state “${text}”.`, {
    hint: didYouMean(text, subscriberStates) ?? `the states are ${subscriberStates.join(', ')}`,
  })
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

function number(value: number): string {
  return value.toLocaleString('en')
}
