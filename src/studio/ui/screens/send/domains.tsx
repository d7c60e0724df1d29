import { useState } from 'preact/hooks'
import type { SendingDomain } from '../../../contract/sending.ts'
import { apiPath } from '../../shell/api.ts'
import type { Figures } from './words.ts'

const columns = [
  { key: 'total', head: 'People' },
  { key: 'accepted', head: 'Accepted' },
  { key: 'waiting', head: 'Waiting' },
  { key: 'deferred', head: 'Put off' },
  { key: 'refused', head: 'Refused' },
  { key: 'unknown', head: 'Unknown' },
] as const

type Key = (typeof columns)[number]['key'] | 'domain'

/** A send by recipient domain; those with trouble first, until a head is pressed. */
export function Domains({
  issue,
  domains,
  count,
  figures: { number },
}: {
  readonly issue: string
  readonly domains: readonly SendingDomain[]
  /** How many there are in all. */
  readonly count: number
  readonly figures: Figures
}) {
  const [by, setBy] = useState<{ readonly key: Key; readonly up: boolean } | null>(null)
  if (domains.length === 0) return null
  const rows = by === null ? domains : domains.toSorted((a, b) => compare(a, b, by.key) * (by.up ? 1 : -1))
  const head = (key: Key, label: string) => (
    <th
      key={key}
      scope="col"
      class={key === 'domain' ? '' : 'numeric'}
      aria-sort={by?.key === key ? (by.up ? 'ascending' : 'descending') : undefined}
    >
      <button
        type="button"
        class="send-sort"
        onClick={() => setBy({ key, up: by?.key === key ? !by.up : key === 'domain' })}
      >
        {label}
        <span aria-hidden="true">{by?.key === key ? (by.up ? '↑' : '↓') : '↕'}</span>
      </button>
    </th>
  )
  return (
    <>
      <h3>By domain</h3>
      <div class="table" role="region" aria-label="By domain" tabIndex={0}>
        <table>
          <caption class="visually-hidden">By domain; the heads sort it</caption>
          <thead>
            <tr>
              {head('domain', 'Domain')}
              {columns.map(({ key, head: label }) => head(key, label))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.domain ?? ''}>
                <th scope="row">{row.domain ?? 'people who were erased'}</th>
                {columns.map(({ key }) => (
                  <td key={key} class={row[key] === 0 ? 'numeric soft' : 'numeric'}>
                    {number(row[key])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="soft">
        {count > domains.length && `These are ${number(domains.length)} of ${number(count)} domains. `}
        <a href={apiPath(['issues', issue, 'sending', 'domains.csv'])} download>
          Save {count > domains.length ? 'all of them' : 'the table'} as CSV
        </a>
      </p>
    </>
  )
}

function compare(a: SendingDomain, b: SendingDomain, key: Key): number {
  return key === 'domain' ? (a.domain ?? '').localeCompare(b.domain ?? '') : a[key] - b[key]
}
