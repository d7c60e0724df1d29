import { useState } from 'preact/hooks'

/** A choice that this browser remembers; `parse` answers null for what it does not know. */
export function useRemembered<Value extends string>(
  key: string,
  otherwise: Value,
  parse: (text: string) => Value | null,
): readonly [Value, (value: Value) => void] {
  const name = `onrecord.${key}`
  const [value, setValue] = useState<Value>(() => parse(read(name) ?? '') ?? otherwise)
  return [
    value,
    (next) => {
      setValue(next)
      write(name, next)
    },
  ]
}

/** Something that this browser remembers, as text; null: nothing. */
export function recall(key: string): string | null {
  return read(`onrecord.${key}`)
}

export function remember(key: string, text: string): void {
  write(`onrecord.${key}`, text)
}

/** A browser may refuse storage; then nothing is remembered. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Nothing is lost but the choice.
  }
}
