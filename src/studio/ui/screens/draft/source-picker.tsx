import { keymap } from '@codemirror/view'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { ShownSource, SourceList } from '../../../contract/sources.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { apiPath } from '../../shell/api.ts'
import { isFileOf, useLoaded } from '../../shell/changes.ts'
import { reveal } from '../../shell/workspace.ts'
import type { BarAction, EditorExtension, OpenFile, PartProps } from './editor-part.ts'
import { addSource } from './paste.ts'
import { PickedSource } from './source-picker-entry.tsx'
import { insertCitation, mayCite } from './source-picker-insert.ts'
import { rankSources } from './source-picker-search.ts'
import { useWishes, wish } from './source-picker-wish.ts'
import './source-picker.css'

/** Opens the picker by its key. */
export const pickSource: EditorExtension = ({ file }) =>
  file.kind === 'ledger'
    ? []
    : keymap.of([
        {
          key: 'Mod-Shift-k',
          preventDefault: true,
          run(view) {
            wish(view, { what: 'pick-source' })
            return true
          },
        },
      ])

export const sourceAction: BarAction = {
  id: 'source',
  label: 'Cite a source',
  keys: /Mac/u.test(navigator.platform) ? '⌘⇧K' : 'Ctrl+Shift+K',
  shows: ({ kind }) => kind !== 'ledger',
  run: ({ view }) => wish(view, { what: 'pick-source' }),
}

/** The dialog, when it was asked for. */
export function SourcePicker({ open }: PartProps) {
  const [shown, setShown] = useState(false)
  useWishes(open.view, ({ what }) => what === 'pick-source' && setShown(true))
  return shown ? <Picker open={open} onClose={() => setShown(false)} /> : null
}

function Picker({ open, onClose }: { readonly open: OpenFile; readonly onClose: () => void }) {
  const { issue, view } = open
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const list = useLoaded<SourceList>(
    apiPath(['issues', issue, 'sources']),
    (change) => change.what === 'file' && isFileOf(issue, change.path),
    { keeps: true },
  )
  const found = rankSources(list.value?.sources ?? [], query)
  const source = found.find(({ id }) => id === chosen) ?? found[0] ?? null
  const url = /^https?:\/\/\S+$/iu.test(query.trim()) ? query.trim() : null
  const allowed = mayCite(view)
  const insert = (citation: string): void => {
    onClose()
    // After the dialog gave focus back.
    setTimeout(() => {
      insertCitation(view, citation)
      view.focus()
    })
  }
  const add = (address: string): void => {
    onClose()
    setTimeout(() => {
      addSource(view, address, open)
      view.focus()
    })
  }
  const edit = ({ place }: ShownSource): void => {
    onClose()
    setTimeout(() => reveal({ ...place, in: 'draft', focus: true }))
  }
  const move = (by: number): void => {
    const at = found.findIndex(({ id }) => id === source?.id)
    setChosen(found[Math.max(0, Math.min(found.length - 1, at + by))]?.id ?? null)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (by !== undefined) move(by)
    else if (event.key === 'Enter' && source !== null && allowed) insert(`[@${source.id}]`)
    else if (event.key === 'Enter' && url !== null && allowed) add(url)
    else return
    event.preventDefault()
  }
  return (
    <Dialog
      title="Cite a source"
      wide
      onClose={onClose}
      actions={
        <>
          {!allowed && (
            <p class="source-hint">Put the cursor into the prose first: a citation cannot stand here.</p>
          )}
          <Button onClick={onClose}>Close</Button>
          <Button
            kind="primary"
            disabled={source === null || !allowed}
            onClick={() => source !== null && insert(`[@${source.id}]`)}
          >
            {source === null ? 'Cite' : `Cite [@${source.id}]`}
          </Button>
        </>
      }
    >
      <div class="source-search" onKeyDown={onKeyDown}>
        <SearchField value={query} active={source?.id ?? null} onInput={setQuery} count={found.length} />
      </div>
      {list.error !== null && <Notice tone="error">{list.error}</Notice>}
      {list.value !== null && list.value.problem !== null && (
        <Notice tone="error" title="The ledger cannot be read">
          {list.value.problem}
        </Notice>
      )}
      <div class="source-panes">
        <SourceOptions
          sources={found}
          chosen={source?.id ?? null}
          onChoose={setChosen}
          loading={list.loading}
        />
        {source !== null ? (
          <PickedSource
            key={source.id}
            issue={issue}
            source={source}
            allowed={allowed}
            onCite={insert}
            onEdit={() => edit(source)}
          />
        ) : (
          <div class="source-none">
            {url !== null ? (
              <>
                <p>The ledger does not have this page.</p>
                <Button kind="primary" disabled={!allowed} onClick={() => add(url)}>
                  Make it a source and cite it
                </Button>
              </>
            ) : (
              <p>
                {query === ''
                  ? 'The ledger has no sources yet. Paste the address of a page above to add it.'
                  : 'Nothing found. To add a page, paste its address above.'}
              </p>
            )}
          </div>
        )}
      </div>
    </Dialog>
  )
}

const optionsId = 'source-options'
const optionId = (id: string): string => `source-option-${id}`

function SearchField(props: {
  readonly value: string
  readonly active: string | null
  readonly count: number
  readonly onInput: (value: string) => void
}) {
  const { value, active, count, onInput } = props
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const input = box.current?.querySelector('input')
    input?.setAttribute('role', 'combobox')
    input?.setAttribute('aria-controls', optionsId)
    input?.setAttribute('aria-expanded', 'true')
    input?.setAttribute('aria-autocomplete', 'list')
    input?.focus()
  }, [])
  useEffect(() => {
    const input = box.current?.querySelector('input')
    if (active === null) input?.removeAttribute('aria-activedescendant')
    else input?.setAttribute('aria-activedescendant', optionId(active))
  }, [active])
  return (
    <div ref={box}>
      <Field
        label="Search by title, publisher, author, id or address"
        type="search"
        value={value}
        onInput={onInput}
      />
      <p class="visually-hidden" role="status">
        {count === 0 ? 'Nothing found' : `${count} ${count === 1 ? 'source' : 'sources'}`}
      </p>
    </div>
  )
}

function SourceOptions({
  sources,
  chosen,
  onChoose,
  loading,
}: {
  readonly sources: readonly ShownSource[]
  readonly chosen: string | null
  readonly onChoose: (id: string) => void
  readonly loading: boolean
}) {
  const heading = useId()
  const box = useRef<HTMLUListElement>(null)
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div class="source-list">
      <p class="visually-hidden" id={heading}>
        Sources
      </p>
      {loading && sources.length === 0 && <p class="loading">Loading …</p>}
      <ul role="listbox" id={optionsId} aria-labelledby={heading} ref={box} tabIndex={-1}>
        {sources.map(({ id, number, title, publisher, published, cited }) => (
          <li
            key={id}
            id={optionId(id)}
            role="option"
            aria-selected={id === chosen}
            onClick={() => onChoose(id)}
          >
            <span class="source-number">{number === null ? '' : `[${number}]`}</span>
            <span class="source-what">
              <span class="source-title" dir="auto">
                {title}
              </span>
              <span class="source-facts">
                {publisher}, {published === 'unknown' ? 'no date' : published}
                {cited.length > 1 && ` · cited ${cited.length} times`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
