/** `GET /api/issues/:id/files`: the editor's files of an issue, the issue's own first. */
export interface DraftFiles {
  /** Another one for each publication: what a browser keeps of its texts is kept under it. */
  readonly home: string
  readonly files: readonly DraftFile[]
}

export interface DraftFile {
  /** Relative to the publication, with forward slashes; always under `briefs/`. */
  readonly path: string
  readonly kind: 'issue' | 'brief' | 'ledger'
  /** A brief's title, an issue's subject; the file's name where there is none, or none that can be read. */
  readonly title: string
  /** SHA-256 of its bytes, hex; null: it cannot be read. */
  readonly hash: string | null
  /** What a reader reads of its body: no frontmatter, no citations, no marks. Null where that cannot be told. */
  readonly words: number | null
}

/** `GET /api/file?path=…` */
export interface DraftText {
  readonly path: string
  /** With line feeds alone, and without a byte order mark; a save gives the file back its own. */
  readonly text: string
  /** SHA-256 of the bytes on the disk, in hex: what a save says it is based on. */
  readonly hash: string
}

/** `PUT /api/file`: answered with `Saved`, or 409 and `DraftConflict` where the file is not `base` any more. */
export interface SaveRequest {
  readonly path: string
  readonly text: string
  /** The hash it was read with, or that of the last save; null: it is new, and must not exist. */
  readonly base: string | null
}

export interface Saved {
  readonly path: string
  readonly hash: string
}

/** Nothing was written. The page shows both and asks; a choice is a save with `theirs.hash` as its base. */
export interface DraftConflict {
  readonly path: string
  readonly mine: string
  /** Null: the file was removed. */
  readonly theirs: { readonly text: string; readonly hash: string } | null
}

/** `POST /api/issues` and `POST /api/issues/:id/briefs`. */
export interface NewDraft {
  readonly title: string
  /** Of a new issue; null: the first of onrecord.yaml. */
  readonly newsletter: string | null
}

export interface MadeDraft {
  readonly issue: string
  /** The file to open. */
  readonly path: string
  /** Where writing begins in it: a line, and what stands there to be written over. */
  readonly begin: { readonly line: number; readonly words: string }
  /** What is still to be done by hand, or null. */
  readonly note: string | null
}

/**
 * `POST /api/issues/:id/images?name=…`: the body is the image, at most 20 MB. It is redrawn to what a mail
 * needs and kept beside the brief; the page asks for the alternative text and inserts the mark.
 */
export interface KeptImage {
  /** As a brief names it in `![alt](path)`. */
  readonly path: string
  readonly width: number
  readonly height: number
  /** On the disk now, and as it came. */
  readonly bytes: number
  readonly sentBytes: number
}
