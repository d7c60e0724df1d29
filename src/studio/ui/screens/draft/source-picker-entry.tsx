import { useRef, useState } from 'preact/hooks'
import type { QuoteCitation, QuoteRequest, ShownSource, StoredCopy } from '../../../contract/sources.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { apiPath, post, sentenceOf } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { dayInWords } from '../../shell/day.ts'

export interface PickedSourceProps {
  readonly issue: string
  readonly source: ShownSource
  /** A citation can stand where the cursor is. */
  readonly allowed: boolean
  readonly onCite: (citation: string) => void
  /** Leads to the entry in the ledger. */
  readonly onEdit: () => void
}

/** One source: what the ledger says of it, its passages, and its stored copy to quote from. */
export function PickedSource({ issue, source, allowed, onCite, onEdit }: PickedSourceProps) {
  const { id, title, publisher, author, published, accessed, kind, url, quotes } = source
  const facts = [
    [publisher, ...author].join(', '),
    published === 'unknown' ? 'Published on no known day' : `Published ${dayInWords(published)}`,
    accessed === 'unknown' ? 'not known when it was read' : `read ${dayInWords(accessed)}`,
    kind,
  ]
  return (
    <section class="source-entry" aria-label={`Source ${id}`}>
      <h3 dir="auto">{title}</h3>
      <p class="source-facts">{facts.join(' · ')}</p>
      {url !== null && (
        <p class="source-url">
          <a href={url} target="_blank" rel="noopener noreferrer">
            {url}
          </a>
        </p>
      )}
      <p>
        <Button kind="quiet" onClick={onEdit}>
          Edit the entry in the ledger
        </Button>
      </p>
      {quotes.length > 0 && (
        <>
          <h4>Passages</h4>
          <ul class="source-passages">
            {quotes.map((quote) => (
              <li key={quote}>
                <q dir="auto">{quote}</q>
                <Button
                  label={`Cite with the words “${quote}”`}
                  disabled={!allowed}
                  onClick={() => onCite(`[@${id}, "${quote.replace(/[\\"]/gu, '\\$&')}"]`)}
                >
                  Cite with these words
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
      <Copy issue={issue} source={source} allowed={allowed} onCite={onCite} />
    </section>
  )
}

function Copy({ issue, source, allowed, onCite }: Omit<PickedSourceProps, 'onEdit'>) {
  const path = apiPath(['issues', issue, 'sources', source.id, 'copy'])
  const copy = useLoaded<StoredCopy>(path)
  const area = useRef<HTMLTextAreaElement>(null)
  const [wanted, setWanted] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const shown = copy.value
  if (shown === null) {
    return copy.error === null ? (
      <p class="soft">Looking for a stored copy …</p>
    ) : (
      <Notice tone="error">{copy.error}</Notice>
    )
  }
  const { text, reason, fetchable, capturedAt } = shown
  if (text === null) {
    const keep = (): void => {
      setBusy(true)
      setProblem(null)
      post<StoredCopy>(path, {})
        .then(copy.reload, (error: unknown) => setProblem(sentenceOf(error)))
        .finally(() => setBusy(false))
    }
    return (
      <>
        <h4>Stored copy</h4>
        <p>{reason}</p>
        {problem !== null && <Notice tone="error">{problem}</Notice>}
        {fetchable && (
          <p>
            <Button disabled={busy} onClick={keep}>
              {busy ? 'Reading the page …' : 'Keep a copy now'}
            </Button>
          </p>
        )}
      </>
    )
  }
  const cite = (): void => {
    const words = selectedWords(area.current)
    setBusy(true)
    post<QuoteCitation>(apiPath(['issues', issue, 'sources', source.id, 'citation']), {
      words,
    } satisfies QuoteRequest)
      .then(
        (answer) => (answer.citation === null ? setProblem(answer.problem) : onCite(answer.citation)),
        (error: unknown) => setProblem(sentenceOf(error)),
      )
      .finally(() => setBusy(false))
  }
  const find = (words: string): void => {
    setWanted(words)
    const box = area.current
    if (box === null || words.trim() === '') return
    const at = text.toLowerCase().indexOf(words.toLowerCase())
    setProblem(at === -1 ? 'The copy does not have these words.' : null)
    if (at !== -1) showWords(box, text, at, words.length)
  }
  return (
    <>
      <h4>Stored copy</h4>
      <p class="help">
        {capturedAt !== null && `Kept ${dayInWords(capturedAt.slice(0, 10))}. `}
        Select the words that the sentence rests on.
      </p>
      <Field label="Find in the copy" type="search" value={wanted} onInput={find} />
      <textarea
        ref={area}
        class="source-copy"
        aria-label="Text of the stored copy"
        readOnly
        dir="auto"
        rows={9}
        value={text}
      />
      {problem !== null && (
        <p class="wrong" role="alert">
          {problem}
        </p>
      )}
      <p>
        <Button disabled={busy || !allowed} onClick={cite}>
          Cite with the selected words
        </Button>
      </p>
    </>
  )
}

/** What is selected, to the ends of its first and last word. */
function selectedWords(area: HTMLTextAreaElement | null): string {
  if (area === null || area.selectionStart === area.selectionEnd) return ''
  const { value } = area
  const isLetter = (at: number): boolean => /[\p{L}\p{N}\p{M}’'-]/u.test(value.charAt(at))
  let [from, to] = [area.selectionStart, area.selectionEnd]
  while (from < to && !isLetter(from) && /\s/u.test(value.charAt(from))) from++
  while (to > from && /\s/u.test(value.charAt(to - 1))) to--
  while (from > 0 && isLetter(from) && isLetter(from - 1)) from--
  while (to < value.length && isLetter(to) && isLetter(to - 1)) to++
  return value.slice(from, to)
}

/** Selects a stretch and brings it into sight, by how far down the text it is. */
function showWords(area: HTMLTextAreaElement, text: string, at: number, length: number): void {
  area.setSelectionRange(at, at + length)
  area.scrollTop = Math.max(0, (at / text.length) * area.scrollHeight - area.clientHeight / 2)
}
