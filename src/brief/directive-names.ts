/** What may be written between colons, and with which attributes. The gate, the tree and the messages share this. */
export const directives = {
  members: { form: 'container', attributes: ['teaser'] },
  scenarios: { form: 'container', attributes: [] },
  timeline: { form: 'container', attributes: [] },
  figures: { form: 'container', attributes: [] },
  positions: { form: 'container', attributes: [] },
  pullquote: { form: 'container', attributes: [] },
  note: { form: 'container', attributes: [] },
  correction: { form: 'container', attributes: [] },
  button: { form: 'leaf', attributes: ['href'] },
} as const satisfies Record<string, { form: 'container' | 'leaf'; attributes: readonly string[] }>

export type DirectiveName = keyof typeof directives

export const directiveNames = Object.keys(directives)

export function isDirectiveName(name: string): name is DirectiveName {
  return Object.hasOwn(directives, name)
}
