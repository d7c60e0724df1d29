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
    for (const row of rowsOf(subscriber, filter.newsletter)) text += `${row.map(writeCell).join(',')}\n`
    if (text.length < 64 * 1024) continue
    yield text
    text = ''
  }
  yield text
}

function rowsOf(subscriber: Subscriber, newsletter: string | null): string[][] {
  return subscriber.subscriptions
    .filter((each) => newsletter === null || each.newsletter === newsletter)
    .map((each) => [
      subscriber.address ?? '',
      subscriber.name ?? '',
      subscriber.tier,
      each.newsletter,
      stateOf(subscriber, each),
      time(each.consentAt),
      each.consentSource ?? '',
      time(each.leftAt),
      subscriber.suppression?.reason ?? '',
    ])
}

function time(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString()
}
