import type { FormField, FormValue } from '../../../contract/frontmatter.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { reveal } from '../../shell/workspace.ts'
import type { PartProps, SidePanel } from './editor-part.ts'
import { useFormOfText, type FormOfText } from './form-text.ts'
import { WordsField } from './form-words.tsx'
import './form.css'

/** The frontmatter as a form beside the text. */
export const formPanel: SidePanel = {
  id: 'form',
  label: 'Details',
  shows: ({ kind }) => kind !== 'ledger',
  Panel: FrontmatterPanel,
}

function FrontmatterPanel({ open }: PartProps) {
  const state = useFormOfText(open)
  const { form, error } = state
  if (form === null) {
    return error === null ? <p class="loading">Loading …</p> : <Notice tone="error">{error}</Notice>
  }
  if (form.broken !== null) {
    const { place, sentence } = form.broken
    return (
      <div class="form">
        <h3>Details</h3>
        <Notice tone="error" title={`Line ${place.line} of the text cannot be read`}>
          {sentence}
        </Notice>
        <p>The form comes back when the line is mended.</p>
        <p>
          <Button onClick={() => reveal({ ...place, in: 'draft', focus: true })}>
            Show line {place.line}
          </Button>
        </p>
      </div>
    )
  }
  return (
    <form
      class="form"
      aria-label="Details"
      onSubmit={(event) => event.preventDefault()}
      onFocusOut={() => state.leave()}
    >
      <h3>Details</h3>
      <p class="help">
        What is written here goes into the lines between the hyphens, at the top of the text.
      </p>
      {error !== null && <Notice tone="error">{error}</Notice>}
      {form.findings.length > 0 && (
        <ul class="form-findings">
          {form.findings.map((each) => (
            <li key={`${each.line}${each.message}`}>
              <p class="wrong">
                {each.message} {each.hint}
              </p>
              <Button
                kind="quiet"
                onClick={() =>
                  reveal({ file: each.file, line: each.line, column: each.column, in: 'draft', focus: true })
                }
              >
                Show line {each.line}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {form.fields.map((field) => (
        <FormFieldShown key={field.key} field={field} state={state} />
      ))}
    </form>
  )
}

function FormFieldShown({ field, state }: { readonly field: FormField; readonly state: FormOfText }) {
  const { key, label, help, kind, required, choices, suggestions, place } = field
  const value: FormValue | null = Object.hasOwn(state.typed, key) ? (state.typed[key] ?? null) : field.value
  const text = typeof value === 'string' ? value : ''
  const error = state.refused.includes(key)
    ? 'This cannot be changed from here without touching something else. Change it in the text.'
    : sentences(field, 'error')
  const advice = sentences(field, 'warning')
  const set = (next: FormValue | null, now = false): void => state.set(key, next, now)
  /** Nothing written is no key, but where one has to be. */
  const setText = (next: string): void =>
    set(next === '' && !required ? null : next.replace(/\s*\n\s*/gu, ' '))
  const show = (): void => {
    if (place !== null) reveal({ ...place, in: 'draft', focus: true })
  }
  const common = { label, help: advice === null ? help : undefined, error, required }
  const control = () => {
    switch (kind) {
      case 'line':
        return <Field {...common} value={text} onInput={setText} />
      case 'text':
        return <Field {...common} value={text} rows={3} onInput={setText} />
      case 'date':
        return (
          <Field
            {...common}
            value={text}
            type={text === '' || /^\d{4}-\d\d-\d\d$/u.test(text) ? 'date' : 'text'}
            // A date that is being typed is none for a moment.
            onInput={(next) => next !== '' && set(next)}
          />
        )
      case 'choice':
        return (
          <Select
            {...common}
            value={text}
            options={choices}
            onChange={(next) => set(next === '' ? null : next, true)}
          />
        )
      case 'words':
        return (
          <WordsField
            {...{ label, help, error, suggestions }}
            value={typeof value === 'object' && value !== null ? value : []}
            ordered={key !== 'tags'}
            onChange={(next) => set(next.length === 0 ? null : next, true)}
          />
        )
      case 'yaml':
        return field.value === null ? null : (
          <div class="field">
            <p class="form-label">{label}</p>
            <pre class="form-yaml" dir="auto" tabIndex={0} aria-label={label}>
              {text}
            </pre>
            {error !== null && <p class="wrong">{error}</p>}
            <p>
              <Button onClick={show}>Change it in the text</Button>
            </p>
          </div>
        )
    }
  }
  return (
    <>
      {control()}
      {advice !== null && <p class="form-advice">{advice}</p>}
    </>
  )
}

function sentences({ problems }: FormField, severity: 'error' | 'warning'): string | null {
  const found = problems.filter((each) => (each.severity === 'error') === (severity === 'error'))
  return found.length === 0 ? null : found.map(({ sentence }) => sentence).join(' ')
}
