import { StateEffect, StateField } from '@codemirror/state'
import type { FormField } from '../../../contract/frontmatter.ts'
import type { ShownSource } from '../../../contract/sources.ts'

/** What can be completed: told by the page, since the editor asks no server. */
export interface Known {
  readonly sources: readonly ShownSource[]
  /** Of the open file’s frontmatter. */
  readonly fields: readonly FormField[]
}

export const tellKnown = StateEffect.define<Partial<Known>>()

export const known = StateField.define<Known>({
  create: () => ({ sources: [], fields: [] }),
  update: (value, { effects }) =>
    effects.reduce((now, each) => (each.is(tellKnown) ? { ...now, ...each.value } : now), value),
})
