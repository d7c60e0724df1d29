import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface Labelled {
  readonly label: string
  /** One line under it. */
  readonly help?: string | undefined
  /** What is wrong with the value, as a sentence. */
  readonly error?: string | null
  readonly required?: boolean
  /** The label is for screen readers alone, where the place says it. */
  readonly quiet?: boolean
}

export interface FieldProps extends Labelled {
  readonly value: string
  readonly onInput: (value: string) => void
  readonly type?: 'text' | 'search' | 'email' | 'url' | 'date' | 'datetime-local' | 'number'
  /** More than one line. */
  readonly rows?: number
  readonly placeholder?: string
  readonly autocomplete?: string
}

/** A text field with its label, help and error. */
export function Field(props: FieldProps) {
  const { value, onInput, type = 'text', rows, placeholder, autocomplete = 'off' } = props
  return (
    <Label {...props}>
      {(own) =>
        rows === undefined ? (
          <input
            {...own}
            {...{ value, placeholder, autocomplete }}
            type={type as 'text'}
            dir={type === 'text' || type === 'search' ? 'auto' : undefined}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        ) : (
          <textarea
            {...own}
            {...{ value, rows, placeholder }}
            dir="auto"
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        )
      }
    </Label>
  )
}

export interface SelectProps extends Labelled {
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}

export function Select(props: SelectProps) {
  const { value, options, onChange } = props
  return (
    <Label {...props}>
      {(own) => (
        <select {...own} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </select>
      )}
    </Label>
  )
}

export interface CheckboxProps {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean
}

export function Checkbox({ label, checked, onChange, disabled = false }: CheckboxProps) {
  return (
    <label class="checkbox">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {label}
    </label>
  )
}

/** What a control needs to belong to its label. */
interface Own {
  readonly id: string
  readonly required: boolean
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

function Label(props: Labelled & { readonly children: (own: Own) => ComponentChildren }) {
  const { label, help, error = null, required = false, quiet = false, children } = props
  const id = useId()
  const described = [help === undefined ? '' : `${id}-help`, error === null ? '' : `${id}-error`].filter(
    Boolean,
  )
  return (
    <div class="field">
      <label for={id} class={quiet ? 'visually-hidden' : ''}>
        {label}
      </label>
      {children({
        id,
        required,
        'aria-describedby': described.join(' ') || undefined,
        'aria-invalid': error === null ? undefined : true,
      })}
      {help !== undefined && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {error !== null && (
        <p class="wrong" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}
