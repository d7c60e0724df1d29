import type { PublicationHead } from '../../../contract/issues.ts'
import type { ColumnLook, Field, ImportChoices, ImportLook } from '../../../contract/people.ts'
import { Select } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Table } from '../../parts/table.tsx'
import { tierName } from './words.ts'

export interface ImportMappingProps {
  readonly look: ImportLook['look']
  readonly choices: ImportChoices
  readonly publication: PublicationHead | null
  readonly disabled: boolean
  readonly onChoose: (choices: ImportChoices) => void
}

const fieldNames: Readonly<Record<Field, string>> = {
  address: 'Address',
  name: 'Name',
  'first-name': 'First name',
  'last-name': 'Last name',
  tier: 'Tier',
  state: 'State',
  newsletter: 'Newsletter',
  'consent-at': 'Consent: when',
  'consent-source': 'Consent: how',
  'asked-at': 'Asked: when',
  'left-at': 'Left: when',
  'suppressed-for': 'Suppressed: why',
}

const fields = Object.keys(fieldNames) as Field[]

const encodings = ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be'] as const

/** What each column is taken for, with its first cells; and what holds for every row. */
export function ImportMapping({ look, choices, publication, disabled, onChoose }: ImportMappingProps) {
  const { title, advice, columns, problem } = look
  const isHeadless = columns.every(({ name }) => name === '')
  const newsletters = Object.entries(publication?.newsletters ?? {})
  const usual = newsletters[0]?.[1] ?? 'the first'
  return (
    <fieldset class="people-part people-choices" disabled={disabled}>
      <legend class="visually-hidden">What the file holds</legend>
      {title !== null && <Notice tone="info">{`It looks like ${title}, and is read as such.`}</Notice>}
      {advice !== null && <Notice tone="info">{advice}</Notice>}
      {problem !== null && (
        <Notice tone="warning" title={problem.message}>
          {problem.hint ?? 'Choose below which column holds what.'}
        </Notice>
      )}
      {isHeadless ? (
        <p>Its first line names no columns: every line is taken for an address.</p>
      ) : (
        <Table<ColumnLook>
          caption="Columns of the file"
          rows={columns}
          rowKey={(column) => `${columns.indexOf(column)} ${column.name}`}
          columns={[
            {
              head: 'Column',
              names: true,
              cell: ({ name }) => <span class="people-address">{name}</span>,
            },
            {
              head: 'Holds',
              cell: (column) => (
                <>
                  <Select
                    label={`What “${column.name}” holds`}
                    quiet
                    value={column.field ?? ''}
                    onChange={(value) => onChoose(withField(choices, columns, column, value))}
                    options={[
                      { value: '', label: column.says === null ? 'Not used' : 'As below' },
                      ...fields.map((value) => ({ value, label: fieldNames[value] })),
                    ]}
                  />
                  {column.says !== null && <p class="help">{column.says}</p>}
                </>
              ),
            },
            {
              head: 'First cells',
              cell: ({ samples }) => (
                <div class="people-samples">
                  {samples.length === 0 ? (
                    <span class="soft">all empty</span>
                  ) : (
                    samples.map((sample) => <span key={sample}>{sample}</span>)
                  )}
                </div>
              ),
            },
          ]}
        />
      )}
      <div class="toolbar people-every">
        {newsletters.length > 1 && (
          <Select
            label="Newsletter"
            value={choices.newsletter ?? ''}
            onChange={(value) => onChoose({ ...choices, newsletter: value === '' ? null : value })}
            options={[
              { value: '', label: `As the file says, else ${usual}` },
              ...newsletters.map(([value, label]) => ({ value, label })),
            ]}
          />
        )}
        <Select
          label="Tier"
          value={choices.tier ?? ''}
          onChange={(value) =>
            onChoose({ ...choices, tier: value === 'member' || value === 'subscriber' ? value : null })
          }
          options={[
            { value: '', label: 'As the file says' },
            { value: 'subscriber', label: `Where it says none: ${tierName(publication, 'subscriber')}` },
            { value: 'member', label: `Where it says none: ${tierName(publication, 'member')}` },
          ]}
        />
        <Select
          label="Exported by"
          value={choices.from}
          onChange={(value) => onChoose({ ...choices, from: systemOf(value) })}
          options={[
            { value: 'auto', label: 'As its columns tell' },
            { value: 'substack', label: 'Substack' },
            { value: 'ghost', label: 'Ghost' },
            { value: 'mailchimp', label: 'Mailchimp' },
            { value: 'other', label: 'Another system' },
          ]}
        />
        <Select
          label="Character set"
          value={choices.encoding}
          onChange={(value) =>
            onChoose({ ...choices, encoding: encodings.find((each) => each === value) ?? 'utf-8' })
          }
          options={encodings.map((value) => ({ value, label: value.toUpperCase() }))}
        />
      </div>
    </fieldset>
  )
}

function systemOf(value: string): ImportChoices['from'] {
  const systems = ['auto', 'other', 'substack', 'ghost', 'mailchimp'] as const
  return systems.find((each) => each === value) ?? 'auto'
}

/** With a column put to another use: what it held before, and where that field stood before, are left out. */
function withField(
  choices: ImportChoices,
  columns: readonly ColumnLook[],
  { name, field: before }: ColumnLook,
  value: string,
): ImportChoices {
  const field = fields.find((each) => each === value)
  const map: Partial<Record<Field, string>> = { ...choices.map }
  // The columns may be as they were before the last choice: then it may have gone elsewhere.
  if (before !== null && (map[before] ?? name) === name) map[before] = ''
  if (field !== undefined) map[field] = name
  // A field that no column has by itself need not be left out.
  for (const each of fields)
    if (map[each] === '' && each !== before && !columns.some((column) => column.field === each))
      delete map[each]
  return { ...choices, map }
}
