import type { DraftFile } from '../../../contract/draft.ts'

/** Silent reading of English non-fiction, in words a minute (Brysbaert 2019). */
const WORDS_A_MINUTE = 238

/** How long the open file and the whole issue are, for a reader. */
export function WordCount({
  file,
  files,
}: {
  readonly file: DraftFile
  readonly files: readonly DraftFile[]
}) {
  const all = files.reduce((sum, { words }) => sum + (words ?? 0), 0)
  const texts = files.filter(({ kind }) => kind !== 'ledger').length
  return (
    <p class="draft-words">
      {file.words !== null && <span>{lengthInWords(file.words)}</span>}
      {texts > 1 && <span class="soft">issue: {lengthInWords(all)}</span>}
    </p>
  )
}

/** “1,204 words, 5 min” */
export function lengthInWords(words: number): string {
  const minutes = words === 0 ? 0 : Math.max(1, Math.round(words / WORDS_A_MINUTE))
  return `${words.toLocaleString('en')} ${words === 1 ? 'word' : 'words'}, ${minutes} min`
}
