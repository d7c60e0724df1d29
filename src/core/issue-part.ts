/**
 * One of the things that make an issue what an approver saw: a Markdown file, a source that it shows, an image,
 * the look, a setting of the publication.
 */
export interface IssuePart {
  readonly kind: 'file' | 'source' | 'image' | 'look' | 'setting'
  /** Unique within its kind: a path, the id of a source, the name of a look, a key of `onrecord.yaml`. */
  readonly name: string
  /** SHA-256 of what it holds, hex. */
  readonly hash: string
}
