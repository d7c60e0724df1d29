import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Persona, Personas } from '../../../contract/preview.ts'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'

export interface ReaderPickerProps {
  readonly issue: string
  /** Null until it is known. */
  readonly chosen: Persona | null
  readonly tiers: Readonly<Record<string, string>>
  readonly onChoose: (persona: Persona) => void
}

/** How long after the last letter people are looked for, in milliseconds. */
const PAUSE_MS = 150

/** As whom: the samples at first, and anybody on the list by name or address. */
export function ReaderPicker({ issue, chosen, tiers, onChoose }: ReaderPickerProps) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => setWords(typed.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed])
  const { value, error } = useLoaded<Personas>(
    open ? apiPath(['personas'], { issue, q: words === '' ? null : words }) : null,
    ({ what }) => what === 'people',
    { keeps: true },
  )
  const people = value?.personas ?? []
  const active = people[Math.min(at, people.length - 1)]
  const close = (): void => {
    setOpen(false)
    setTyped('')
    setWords('')
    setAt(0)
  }
  const choose = (persona: Persona | undefined): void => {
    if (persona !== undefined) onChoose(persona)
    close()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      if (!open) return setOpen(true)
      setAt((before) => Math.min(people.length - 1, Math.max(0, before + step)))
    } else if (event.key === 'Enter' && open) {
      event.preventDefault()
      // What was typed a moment ago is still being looked for.
      if (typed.trim() === words) choose(active)
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation()
      close()
    }
  }
  return (
    <div
      class="preview-reader"
      ref={box}
      onFocusOut={(event) => {
        if (!(event.relatedTarget instanceof Node && box.current?.contains(event.relatedTarget))) close()
      }}
    >
      <label for={id}>As</label>
      <input
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && active !== undefined ? `${id}-${active.id}` : undefined}
        aria-describedby={`${id}-help`}
        placeholder={open ? 'A name or an address' : undefined}
        value={open ? typed : chosen === null ? '' : nameOf(chosen)}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => setOpen(true)}
        onInput={(event) => {
          setOpen(true)
          setAt(0)
          setTyped(event.currentTarget.value)
        }}
        onKeyDown={onKeyDown}
      />
      <span class="visually-hidden" id={`${id}-help`}>
        Type to find any subscriber by name or address; the down arrow shows the samples.
      </span>
      <div class="preview-readers" hidden={!open}>
        <ul role="listbox" id={`${id}-list`} aria-label="Readers">
          {people.map((persona, index) => (
            <li
              key={persona.id}
              id={`${id}-${persona.id}`}
              role="option"
              aria-selected={persona === active}
              // Focus stays in the field.
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(persona)}
            >
              <span dir="auto">{nameOf(persona)}</span>
              <span class="soft">
                {persona.name !== null && <bdi>{persona.address}</bdi>}
                {persona.tier !== null && <span>{tiers[persona.tier]}</span>}
              </span>
              {persona.note !== null && <span class="preview-reader-note">{persona.note}</span>}
            </li>
          ))}
        </ul>
        <p class="soft" role="status">
          {error ??
            value?.problem ??
            (value === null
              ? 'Looking …'
              : people.length === 0
                ? `Nobody on the list has “${words}” in name or address.`
                : words === ''
                  ? 'Type to find any subscriber.'
                  : '')}
        </p>
      </div>
    </div>
  )
}

/** What a person is called in the field. */
export function nameOf({ id, name, address, sample }: Persona): string {
  if (id === 'sample') return 'A sample reader without a name'
  const called = name ?? address
  return sample ? `${called} (sample)` : called
}
