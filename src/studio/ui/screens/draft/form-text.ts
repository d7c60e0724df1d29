import { useEffect, useRef, useState } from 'preact/hooks'
import type { FormRequest, FormValue, FrontmatterForm } from '../../../contract/frontmatter.ts'
import { post, sentenceOf } from '../../shell/api.ts'
import type { OpenFile } from './editor-part.ts'

export type Values = Readonly<Record<string, FormValue | null>>

/** A form that is in step with the text of the editor. */
export interface FormOfText {
  readonly form: FrontmatterForm | null
  /** Why it could not be read, in a sentence. */
  readonly error: string | null
  /** What was typed and is not in the text yet. */
  readonly typed: Values
  /** Those that can be changed in the text alone. */
  readonly refused: readonly string[]
  /** @param now at once; else when the writer pauses */
  set(key: string, value: FormValue | null, now?: boolean): void
  /** The field was left: what it holds goes into the text, and is shown as it stands there. */
  leave(): void
}

/** How long a writer is still before what was typed goes into the text, in milliseconds. */
const PAUSE_MS = 250

/** The text may be written in while the form is asked for; it is asked for again, so often. */
const MOST_ATTEMPTS = 20

/**
 * Reads the frontmatter of the open text as a form, whenever the text has changed; what is set goes into the text by
 * the editor itself, so that it is undone and saved as if it were typed there.
 */
export function useFormOfText(open: OpenFile): FormOfText {
  const { file, view } = open
  const [form, setForm] = useState<FrontmatterForm | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [typed, setTyped] = useState<Values>({})
  const [refused, setRefused] = useState<readonly string[]>([])
  const waiting = useRef<Record<string, FormValue | null>>({})
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const work = useRef<Promise<void>>(Promise.resolve())
  const ended = useRef(false)

  const keepTyped = (keeps: (key: string, value: FormValue | null) => boolean): void =>
    setTyped((before) => {
      const kept = Object.entries(before).filter(([key, value]) => keeps(key, value))
      return kept.length === Object.keys(before).length ? before : Object.fromEntries(kept)
    })
  const bringIn = async (): Promise<void> => {
    const set = waiting.current
    waiting.current = {}
    for (let attempt = 0; attempt < MOST_ATTEMPTS && !ended.current; attempt++) {
      const { doc } = view.state
      const text = doc.toString()
      const answer = await post<FrontmatterForm>('/api/frontmatter', {
        path: file.path,
        text,
        set,
      } satisfies FormRequest)
      // What was written meanwhile stays: the same is set in the text that is there now.
      if (!view.state.doc.eq(doc)) continue
      if (answer.text !== text) open.setText(answer.text)
      setForm(answer)
      setError(null)
      if (Object.keys(set).length > 0) setRefused(answer.refused)
      // What is being typed stays as it is typed for as long as the text says the same.
      keepTyped((key, value) => {
        const now = answer.fields.find((each) => each.key === key)?.value ?? null
        return Object.hasOwn(waiting.current, key) || isSame(now, plain(value))
      })
      return
    }
  }
  /** One after the other, so that an older answer never takes the place of a newer one. */
  const inTurn = (): void => {
    work.current = work.current.then(bringIn).catch((failed: unknown) => setError(sentenceOf(failed)))
  }
  const flush = (): void => {
    clearTimeout(timer.current)
    if (Object.keys(waiting.current).length > 0) inTurn()
  }
  useEffect(() => {
    ended.current = false
    inTurn()
    const stop = open.onPause(inTurn)
    return () => {
      stop()
      // What was typed last goes in, too.
      clearTimeout(timer.current)
      if (Object.keys(waiting.current).length === 0) ended.current = true
      else inTurn()
    }
  }, [open])
  return {
    form,
    error,
    typed,
    refused,
    set(key, value, now = false) {
      waiting.current = { ...waiting.current, [key]: plain(value) }
      setTyped((before) => ({ ...before, [key]: value }))
      clearTimeout(timer.current)
      if (now) flush()
      else timer.current = setTimeout(flush, PAUSE_MS)
    },
    leave() {
      flush()
      keepTyped((key) => Object.hasOwn(waiting.current, key))
    },
  }
}

/** Spaces at the ends are no part of what is meant. */
function plain(value: FormValue | null): FormValue | null {
  return typeof value === 'string' ? value.trim() : value
}

function isSame(one: FormValue | null, other: FormValue | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
