import { finding, type Finding } from '../core/finding.ts'
import type { Yaml } from '../core/yaml.ts'

/** Characters (graphemes nearly: code points) within which a text reads well where it is shown. */
const LENGTHS = {
  subject: { from: 0, to: 60, why: 'mail programs cut it off' },
  preheader: { from: 40, to: 130, why: 'it fills the line after the subject' },
  title: { from: 0, to: 90, why: 'it has to fit the headline' },
  standfirst: { from: 0, to: 220, why: 'it is read at a glance' },
} as const

/**
 * Warnings (DC808) for texts that are too long or too short to read well.
 *
 * @param texts each text and the key it stands under, another's where it defaults to that
 */
export function checkLengths(
  texts: Partial<Record<keyof typeof LENGTHS, { readonly text: string; readonly key: string }>>,
  yaml: Yaml,
): readonly Finding[] {
  return Object.entries(texts).flatMap(([name, { text, key }]) => {
    const bounds = Reflect.get(LENGTHS, name) as (typeof LENGTHS)[keyof typeof LENGTHS]
    const length = [...text].length
    if (length >= bounds.from && length <= bounds.to) return []
    const what = name === key ? `The ${name}` : `The ${name}, which is the ${key} here,`
    const limit = length > bounds.to ? `${bounds.to} or fewer` : `${bounds.from} to ${bounds.to}`
    const message = `${what} has ${length} characters; ${limit} read best, since ${bounds.why}.`
    return [
      finding('DC808', yaml.at([key]), message, { hint: name === key ? null : `add the key “${name}”` }),
    ]
  })
}
