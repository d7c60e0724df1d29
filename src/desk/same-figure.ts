import type { Figure } from './figures.ts'

/** Whether a figure of a sentence says no more than one of its source: rounded, hedged or in another unit. */
export function sameFigure(ours: Figure, theirs: Figure): boolean {
  return ours.values.some((value) =>
    theirs.values.some((other) => {
      if (isNear(value, other, ours.hedge)) return true
      const factor = conversion(theirs.unit, ours.unit)
      return factor !== null && Math.abs(value - other * factor) <= Math.abs(other * factor) * 0.05
    }),
  )
}

function isNear(value: number, other: number, hedge: Figure['hedge']): boolean {
  if (value === other) return true
  const off = other === 0 ? Number.POSITIVE_INFINITY : Math.abs(value - other) / Math.abs(other)
  switch (hedge) {
    case 'near':
      return off <= 0.1
    case 'above':
      return value < other && off <= 0.2
    case 'below':
      return value > other && off <= 0.2
    case null:
      return isRounding(value, other)
  }
}

/** 1.2 million of 1,187,432: the same in the digits that are given, and two of them at least. */
function isRounding(value: number, other: number): boolean {
  if (value < 10 && Number.isInteger(value)) return false
  const digits = value
    .toPrecision(15)
    .replace(/^0\.0*|\.|e.*$/gu, '')
    .replace(/0+$/u, '').length
  return (
    digits >= 2 && Number(other.toPrecision(digits)) === value && Math.abs(other) >= Math.abs(value) * 0.9
  )
}

const UNITS: readonly (readonly [RegExp, string, number])[] = [
  [/^km$|^kilomet/u, 'length', 1000],
  [/^miles?$/u, 'length', 1609.344],
  [/^m$|^met/u, 'length', 1],
  [/^f(?:ee|oo)?t$/u, 'length', 0.3048],
  [/^kg$|^kilo(?:gram)?s?$/u, 'mass', 1],
  [/^pounds?$|^lb$/u, 'mass', 0.45359237],
  [/^ton/u, 'mass', 1000],
  [/^hectares?$/u, 'area', 10_000],
  [/^acres?$/u, 'area', 4046.8564224],
]

/** What a value in `from` is multiplied by to be in `to`; null where the two do not measure one thing. */
function conversion(from: string | null, to: string | null): number | null {
  if (from === null || to === null || from === to) return null
  const [a, b] = [from, to].map((unit) => UNITS.find(([pattern]) => pattern.test(unit)))
  return a === undefined || b === undefined || a[1] !== b[1] ? null : a[2] / b[2]
}
