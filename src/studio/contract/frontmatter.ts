import type { ShownFinding } from './finding.ts'

/** `POST /api/frontmatter`: reads a text's frontmatter as a form, after writing `set` into it. */
export interface FormRequest {
  readonly path: string
  readonly text: string
  /** Key → new value, null: taken out. Comments and the order of keys stay. */
  readonly set: Readonly<Record<string, FormValue | null>>
}

export type FormValue = string | number | boolean | readonly string[]

export interface FrontmatterForm {
  /** The whole file with `set` written into it. */
  readonly text: string
  readonly fields: readonly FormField[]
  /** Of the frontmatter alone. */
  readonly findings: readonly ShownFinding[]
}

export interface FormField {
  readonly key: string
  readonly label: string
  readonly help: string
  readonly kind: 'line' | 'text' | 'date' | 'choice' | 'words' | 'yes-no' | 'yaml'
  /** Of a `choice`. */
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  readonly required: boolean
  /** Null: the key is not there. A `yaml` field, which a form cannot hold, is shown as its text. */
  readonly value: FormValue | null
}
