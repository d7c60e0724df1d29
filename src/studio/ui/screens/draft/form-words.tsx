import { useId, useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'

export interface WordsFieldProps {
  readonly label: string
  readonly help: string
  readonly error: string | null
  readonly value: readonly string[]
  readonly suggestions: readonly string[]
  /** Their order is read: they can be moved. */
  readonly ordered: boolean
  readonly onChange: (value: readonly string[]) => void
}

/** A list of words: each with a button that takes it out, and a field for one more. */
export function WordsField({ label, help, error, value, suggestions, ordered, onChange }: WordsFieldProps) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const [said, setSaid] = useState('')
  const add = (text: string): void => {
    const fresh = text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '' && !value.includes(each))
    setTyped('')
    if (fresh.length === 0) return
    setSaid(`${fresh.join(', ')} added`)
    onChange([...value, ...fresh])
  }
  const drop = (word: string): void => {
    setSaid(`${word} taken out`)
    onChange(value.filter((each) => each !== word))
    document.getElementById(id)?.focus()
  }
  const raise = (index: number): void => {
    const [word = '', before = ''] = [value[index], value[index - 1]]
    setSaid(`${word} is before ${before}`)
    onChange(value.map((each, at) => (at === index ? before : at === index - 1 ? word : each)))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = value.at(-1)
    if (event.key === 'Enter' || event.key === ',') add(typed)
    else if (event.key === 'Backspace' && typed === '' && last !== undefined) drop(last)
    else return
    event.preventDefault()
  }
  const described = [`${id}-help`, error === null ? '' : `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class="field form-words">
      <label for={id}>{label}</label>
      {value.length > 0 && (
        <ul aria-label={label}>
          {value.map((word, index) => (
            <li key={word}>
              <span dir="auto">{word}</span>
              {ordered && index > 0 && (
                <Button kind="quiet" label={`Move ${word} up`} onClick={() => raise(index)}>
                  ↑
                </Button>
              )}
              <Button kind="quiet" label={`Take ${word} out`} onClick={() => drop(word)}>
                ×
              </Button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        list={`${id}-list`}
        value={typed}
        dir="auto"
        autocomplete="off"
        aria-describedby={described}
        aria-invalid={error === null ? undefined : true}
        onInput={(event) => {
          const { value: text } = event.currentTarget
          // One of the suggestions that was chosen is meant as it is.
          const isChosen = suggestions.includes(text) && event instanceof InputEvent === false
          if (isChosen || event.inputType === 'insertReplacementText') add(text)
          else setTyped(text)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => add(typed)}
      />
      <datalist id={`${id}-list`}>
        {suggestions
          .filter((each) => !value.includes(each))
          .map((each) => (
            <option key={each} value={each} />
          ))}
      </datalist>
      <p class="help" id={`${id}-help`}>
        {help} Enter or a comma adds one.
      </p>
      {error !== null && (
        <p class="wrong" id={`${id}-error`}>
          {error}
        </p>
      )}
      <p class="visually-hidden" role="status">
        {said}
      </p>
    </div>
  )
}
