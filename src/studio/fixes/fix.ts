import type { CheckedIssue } from '../../desk/checked-issue.ts'
import type { DeskText } from '../../desk/desk-text.ts'
import type { SnapshotText } from '../../desk/snapshot-text.ts'
import type { Source } from '../../sources/source.ts'
import type { Fix } from '../contract/fix.ts'
import { splice, type TextEdit } from '../text-edit.ts'

/** All that a fix may look at. Texts have line feeds alone and no byte order mark. */
export interface FixWorld {
  readonly checked: CheckedIssue
  /** Null: there is no such file, or it is no text. */
  text(file: string): string | null
  /** A brief or the opening note, cut into sentences; null: it is neither, or cannot be read. */
  desk(file: string): DeskText | null
  /** The stored copy of a source; null: none, or not on this machine. */
  snapshot(source: Source): SnapshotText | null
  /** ISO day, where the publication is. */
  readonly today: string
}

/** A way to mend a finding. */
export interface Proposal extends Pick<Fix, 'id' | 'label' | 'asks'> {
  readonly file: string
  /** The offset where what is asked for goes, where it may be sought there first. */
  readonly at?: number
  /** The whole file as it would be; null where that cannot be done with certainty. */
  write(answer: string): string | null
}

/** A proposal that asks for nothing and replaces stretches of one text. */
export function replacing(
  file: string,
  label: string,
  text: string,
  edits: readonly TextEdit[],
  id = 'edit',
): Proposal {
  return { id, label, asks: null, file, write: () => splice(text, edits) }
}
