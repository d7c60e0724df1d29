import type { Declaration } from './css.ts'

const named: Readonly<Record<string, number>> = {
  'xx-small': 9,
  'x-small': 10,
  small: 13,
  medium: 16,
  large: 18,
  'x-large': 24,
  'xx-large': 32,
  'xxx-large': 48,
}

/** A font size or length in CSS pixels; null where it is none that is known. */
export function sizeOf(text: string, parent: number): number | null {
  const word = text.toLowerCase()
  if (word === 'inherit') return parent
  if (word === 'smaller') return (parent * 5) / 6
  if (word === 'larger') return parent * 1.2
  if (Object.hasOwn(named, word)) return named[word] ?? null
  const found = /^(\d*\.?\d+)(px|em|rem|%|pt)$/.exec(word)
  if (found === null) return word === '0' ? 0 : null
  const number = Number(found[1])
  switch (found[2]) {
    case 'em':
      return number * parent
    case '%':
      return (number * parent) / 100
    case 'rem':
      return number * 16
    case 'pt':
      return (number * 4) / 3
    default:
      return number
  }
}

/** A line height in CSS pixels; null where it is none that is known. */
export function heightOf(text: string, fontSize: number): number | null {
  return /^\d*\.?\d+$/.test(text) ? Number(text) * fontSize : sizeOf(text, fontSize)
}

/** The size in a `font` shorthand, in CSS pixels. */
export function shorthandSize(value: Declaration['value']): number | null {
  for (const { kind, text } of value) {
    if (kind !== 'number' || /^[1-9]\d\d0?$/.test(text)) continue
    return sizeOf(text, 16)
  }
  return null
}

/** Null for what is no weight. */
export function isBold(text: string): boolean | null {
  const word = text.toLowerCase()
  if (word === 'bold' || word === 'bolder') return true
  if (word === 'normal' || word === 'lighter') return false
  return /^[1-9]\d*$/.test(word) ? Number(word) >= 600 : null
}
