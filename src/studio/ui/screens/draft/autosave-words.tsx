import type { SaveState } from './autosave-state.ts'

/** How the text stands to the disk, in a word or two; said aloud only when a writer should know. */
export function SaveWords({ state }: { readonly state: SaveState }) {
  const { words, tone } = wordsOf(state)
  return (
    <p class={`draft-state ${tone}`}>
      <span class="draft-dot" aria-hidden="true" />
      <span>{words}</span>
      <span class="visually-hidden" role="status">
        {tone === 'plain' ? '' : words}
      </span>
    </p>
  )
}

function wordsOf(state: SaveState): { readonly words: string; readonly tone: 'plain' | 'wrong' } {
  switch (state.at) {
    case 'saved':
      return { words: 'Saved', tone: 'plain' }
    case 'unsaved':
    case 'saving':
      return { words: 'Saving …', tone: 'plain' }
    case 'offline':
      return { words: 'Not saved: the studio does not answer', tone: 'wrong' }
    case 'refused':
      return { words: 'Not saved', tone: 'wrong' }
    case 'conflict':
      return { words: 'Not saved: two texts', tone: 'wrong' }
  }
}
