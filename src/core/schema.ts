import type { z } from 'zod'
import { finding, type Finding } from './finding.ts'
import { didYouMean } from './nearest.ts'
import type { Path, Yaml } from './yaml.ts'

/** A value that passed its schema, or null with the findings that say why not. */
export interface Parsed<T> {
  readonly value: T | null
  readonly findings: readonly Finding[]
}

/**
 * Reads `yaml` with a zod schema and reports every mistake at its line, all at once: unknown
 * keys (DC802, with the nearest known one) and missing or wrong values (DC801). An unknown key
 * alone does not lose the value.
 *
 * @param under the path of the value to read, from the document's root
 */
export function parseWith<S extends z.ZodType>(schema: S, yaml: Yaml, under: Path = []): Parsed<z.output<S>> {
  if (yaml.findings.length > 0) return { value: null, findings: yaml.findings }
  const input = valueAt(yaml.value, under)
  const result = schema.safeParse(input)
  if (result.success) return { value: result.data, findings: [] }

  const findings: Finding[] = []
  const unknown: (string | number)[][] = []
  for (const issue of result.error.issues) {
    const path = [...under, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))]
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        unknown.push([...path.slice(under.length), key])
        const hint = didYouMean(key, knownKeys(schema, path.slice(under.length)))
        findings.push(
          finding('DC802', yaml.keyAt([...path, key]), `There is no key “${key}” here.`, { hint }),
        )
      }
    } else {
      const missing = isMissing(input, path.slice(under.length))
      const name = path.at(-1)
      const message = missing
        ? `The key “${String(name)}” is required.`
        : `${name === undefined ? 'This' : `“${String(name)}”`} ${issue.message}.`
      findings.push(finding('DC801', yaml.at(path), message))
    }
  }
  if (findings.some((each) => each.rule !== 'DC802')) return { value: null, findings }
  const retried = schema.safeParse(without(input, unknown))
  return { value: retried.success ? retried.data : null, findings }
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path) at = isRecord(at) || Array.isArray(at) ? Reflect.get(at, step) : undefined
  return at
}

function isMissing(value: unknown, path: Path): boolean {
  return path.length > 0 && valueAt(value, path) === undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function without(value: unknown, paths: readonly Path[]): unknown {
  const copy = structuredClone(value)
  for (const path of paths) {
    const parent = valueAt(copy, path.slice(0, -1))
    const key = path.at(-1)
    if (isRecord(parent) && key !== undefined) Reflect.deleteProperty(parent, key)
  }
  return copy
}

/** The keys that `schema` knows at `path`, read off zod's own definition. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let at: unknown = schema
  for (const step of path) at = typeof step === 'number' ? inner(at, 'element') : field(inner(at), step)
  const shape = Reflect.get(Object(inner(at)), 'shape')
  return isRecord(shape) ? Object.keys(shape) : []
}

function field(schema: unknown, key: string): unknown {
  const shape = Reflect.get(Object(schema), 'shape')
  if (isRecord(shape)) return shape[key]
  return Reflect.get(Object(schema), 'valueType')
}

/** Unwraps optional, default, nullable and pipe; then, for a list, its element when asked. */
function inner(schema: unknown, want?: 'element'): unknown {
  let at = schema
  for (let depth = 0; depth < 10; depth++) {
    const definition = Reflect.get(Object(at), 'def')
    const next = Reflect.get(Object(definition), 'innerType') ?? Reflect.get(Object(definition), 'in')
    if (next === undefined) break
    at = next
  }
  return want === 'element' ? Reflect.get(Object(at), 'element') : at
}
