import { isScalar, Scalar } from 'yaml'
import { quoted, yamlText } from '../sources/entry-yaml.ts'
import type { FormValue } from './contract/frontmatter.ts'

/** A value in the manner of the one that it replaces. */
export function scalarLike(before: unknown, value: string | boolean, inFlow: boolean): string {
  if (typeof value === 'boolean' || !isScalar(before)) return literal(value, inFlow)
  // eslint-disable-next-line no-control-regex
  if (before.type === Scalar.QUOTE_SINGLE && /^[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\p{Cs}]*$/u.test(value))
    return `'${value.replaceAll("'", "''")}'`
  if (before.type === Scalar.QUOTE_DOUBLE || before.type === Scalar.QUOTE_SINGLE) return quoted(value)
  return literal(value, inFlow)
}

/** A value on one line; in flow style within brackets. */
export function literal(value: FormValue, inFlow: boolean): string {
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'object') return `[${value.map((each) => literal(each, true)).join(', ')}]`
  // A comma ends a plain value within brackets.
  return inFlow && /[,?:]/u.test(value) ? quoted(value) : yamlText(value)
}
