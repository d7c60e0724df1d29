import { writeCell } from './csv-cell.ts'
import type { SubscriberStore } from './store.ts'
import { stateOf, type Subscriber } from './subscriber.ts'

const columns = [
  'address',
  'name',
  'tier',
  'newsletter',
  'state',
  'consent_at',
  'consent_source',
  'left_at',
  'suppressed_for',
] as const

/**
 * Everybody as CSV (RFC 4180 but for LF line ends; UTF-8), one row a subscription, in the columns that an import
 * understands. Cells that a spreadsheet would run get a `'` before them, which an import takes off.
 */
export async function* exportSubscribers(
  store: SubscriberStore,
  filter: { readonly newsletter: string | null },
): AsyncGenerator<string> {
  let text = `${columns.join(',')}\n`
  for await (const subscriber of store.list(filter)) {
    for (const row of rowsOf(subscriber, filter.newsletter))
      text += `${row.map((cell) => writeCell(cell ?? '')).join(',')}\n`
    if (text.length < 64 * 1024) continue
    yield text
    text = ''
  }
  yield text
}

/**
 * Everybody as a JSON array (RFC 8259), one object a subscription on a line of its own, with the columns of
 * the CSV as its keys; what is not known is null. Values stand as they are: no spreadsheet reads this.
 */
export async function* exportSubscribersAsJson(
  store: SubscriberStore,
  filter: { readonly newsletter: string | null },
): AsyncGenerator<string> {
  let text = '['
  let separator = '\n'
  for await (const subscriber of store.list(filter)) {
    for (const row of rowsOf(subscriber, filter.newsletter)) {
      const entries = columns.map((column, index) => [column, row[index] ?? null] as const)
      text += separator + JSON.stringify(Object.fromEntries(entries))
      separator = ',\n'
    }
    if (text.length < 64 * 1024) continue
    yield text
    text = ''
  }
  yield `${text}\n]\n`
}

function rowsOf(subscriber: Subscriber, newsletter: string | null): (string | null)[][] {
  return subscriber.subscriptions
    .filter((each) => newsletter === null || each.newsletter === newsletter)
    .map((each) => [
      subscriber.address,
      subscriber.name,
      subscriber.tier,
      each.newsletter,
      stateOf(subscriber, each),
      time(each.consentAt),
      each.consentSource,
      time(each.leftAt),
      subscriber.suppression?.reason ?? null,
    ])
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
