import { useState } from 'preact/hooks'
import type { PreviewText, SpokenLine } from '../../../contract/preview.ts'
import { Checkbox } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { useLoaded } from '../../shell/changes.ts'
import type { Meant } from './mail-picture.tsx'
import { readMark } from './position.ts'

export interface WordsProps {
  /** Of `PreviewText`. */
  readonly path: string
  readonly lang: string
}

/** The message’s text part, for those who read plain text. */
export function PlainText({ path, lang }: WordsProps) {
  const { value, error } = useLoaded<PreviewText>(path, undefined, { keeps: true })
  const [fixed, setFixed] = useState(true)
  if (value === null) return <Waiting error={error} />
  const longest = Math.max(0, ...value.text.split('\n').map((line) => line.length))
  return (
    <div class="preview-words">
      <div class="toolbar">
        <Checkbox label="Letters of one width" checked={fixed} onChange={setFixed} />
        <span class="soft">
          {value.text.split('\n').length.toLocaleString('en')} lines, the longest of {longest} letters
        </span>
      </div>
      <pre class={fixed ? 'preview-text' : 'preview-text proportional'} lang={lang} dir="auto" tabIndex={0}>
        {value.text}
      </pre>
    </div>
  )
}

/** The mail as a screen reader goes through it, each line with its role and the way to its place in the draft. */
export function ReadingOrder({
  path,
  lang,
  files,
  onMeant,
}: WordsProps & { readonly files: readonly string[]; readonly onMeant: (meant: Meant) => void }) {
  const { value, error } = useLoaded<PreviewText>(path, undefined, { keeps: true })
  if (value === null) return <Waiting error={error} />
  return (
    <div class="preview-words">
      <p class="soft">
        What a screen reader says, in this order. Layout tables and what is hidden are left out.
      </p>
      <ol class="preview-order">
        {value.readingOrder.map((line, index) => (
          <Line key={index} {...{ line, lang, files, onMeant }} />
        ))}
      </ol>
    </div>
  )
}

function Line({
  line,
  lang,
  files,
  onMeant,
}: {
  readonly line: SpokenLine
  readonly lang: string
  readonly files: readonly string[]
  readonly onMeant: (meant: Meant) => void
}) {
  const place = readMark(line.mark, files)
  const words = line.parts.map(({ text }) => text).join(' ')
  return (
    <li class={`preview-order-${line.kind}`}>
      <span class="preview-role">{roleOf(line)}</span>
      <span lang={lang} dir="auto">
        {line.parts.map((part, index) =>
          part.kind === 'text' ? (
            part.text
          ) : (
            <span key={index} class="preview-said">
              <span class="preview-role">{part.kind}</span> {part.text}
            </span>
          ),
        )}
      </span>
      {place !== null && (
        <button
          type="button"
          class="preview-link"
          aria-label={`Line ${place.line} of ${place.file}: ${words.slice(0, 60)}`}
          onClick={() => onMeant({ ...place, words })}
        >
          line {place.line}
        </button>
      )}
    </li>
  )
}

function roleOf({ kind, says }: SpokenLine): string {
  if (says !== null) return says
  return { heading: 'heading', text: '', item: 'item', cell: 'cell', landmark: '', list: '', table: '' }[kind]
}

export function Waiting({ error }: { readonly error: string | null }) {
  return error === null ? <p class="loading">Being made …</p> : <Notice tone="error">{error}</Notice>
}
