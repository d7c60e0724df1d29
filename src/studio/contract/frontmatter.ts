import type { ShownFinding, TextPlace } from './finding.ts'

/** `POST /api/frontmatter`: reads a text's frontmatter as a form, after writing `set` into it. Nothing is saved. */
export interface FormRequest {
  /** Of the file that the text is of; it need not be saved. */
  readonly path: string
  readonly text: string
  /** Key → new value, null: taken out. Comments and the order of keys stay. */
  readonly set: Readonly<Record<string, FormValue | null>>
}

export type FormValue = string | boolean | readonly string[]

export interface FrontmatterForm {
  /** The whole file with `set` written into it. */
  readonly text: string
  /** Those of `set` that cannot be written without touching something else: to be written in the text. */
  readonly refused: readonly string[]
  /** Null: it can be read. Otherwise there are no fields. */
  readonly broken: BrokenFrontmatter | null
  readonly fields: readonly FormField[]
  /** Of the frontmatter alone, and of no field. */
  readonly findings: readonly ShownFinding[]
}

export interface BrokenFrontmatter {
  readonly place: TextPlace
  /** What is wrong, and the next step. */
  readonly sentence: string
}

export interface FormField {
  /** `title`, or `image.alt` of the key within a key. */
  readonly key: string
  readonly label: string
  readonly help: string
  /** `yaml`: what a form cannot hold is shown as its text. */
  readonly kind: 'line' | 'text' | 'date' | 'choice' | 'words' | 'yaml'
  /** Of a `choice`; the value of what is written nowhere is empty. */
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  /** Of `words`: what is written elsewhere in the publication. */
  readonly suggestions: readonly string[]
  readonly required: boolean
  /** Null: the key is not there. */
  readonly value: FormValue | null
  /** Where it stands, or null. */
  readonly place: TextPlace | null
  /** What is wrong with it, and the next step, each in a sentence or two. */
  readonly problems: readonly { readonly severity: 'error' | 'warning' | 'info'; readonly sentence: string }[]
}
