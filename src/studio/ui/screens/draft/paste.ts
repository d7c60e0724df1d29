import { isolateHistory } from '@codemirror/commands'
import { ChangeSet, EditorSelection, Prec, type EditorState } from '@codemirror/state'
import { EditorView, keymap, ViewPlugin } from '@codemirror/view'
import type { PastedSource, PasteRequest, SourceOfUrl } from '../../../contract/sources.ts'
import { ApiError, apiPath, get, post, sentenceOf } from '../../shell/api.ts'
import type { EditorExtension, ExtensionSetting } from './editor-part.ts'
import { offerField, setOffer, showOffer, type Offer } from './paste-offer.tsx'
import { begin, cancelLast, end, nextPending, pending, pendingOf, type Pending } from './paste-pending.ts'
import './paste.css'

/** A URL that is pasted into prose can become a source and its citation: offered, never done unasked. */
export const pasteUrl: EditorExtension = (setting) => {
  if (setting.file.kind === 'ledger') return pending
  const field = offerField({ accept: (view) => void accept(view) })

  const accept = (view: EditorView): boolean => {
    const offer = view.state.field(field)
    if (offer === null || offer.word.kind === 'done') return false
    void makeSource(view, offer, setting)
    view.focus()
    return true
  }

  const asked = ViewPlugin.define((view) => {
    let url: string | null = null
    // What an editor that was closed was waiting for is not waited for any more.
    queueMicrotask(() => {
      const left = view.state.field(pending)
      if (left.length > 0) view.dispatch({ effects: left.map(({ id }) => end.of(id)) })
    })
    return {
      destroy() {
        for (const each of view.state.field(pending)) each.cancel()
      },
      update({ state, startState }) {
        const offer = state.field(field)
        if (offer !== null && offer.word !== startState.field(field)?.word) showOffer(view)
        const next = offer?.word.kind === 'offer' && offer.word.known === undefined ? offer.url : null
        if (next === url) return
        url = next
        if (next === null) return
        // What the ledger has is said as soon as it is known; a panel may not be changed in an update.
        get<SourceOfUrl>(apiPath(['issues', setting.issue, 'source-of'], { url: next })).then(
          ({ source }) => {
            const now = view.state.field(field, false)
            if (now?.url !== next || now.word.kind !== 'offer') return
            view.dispatch({
              effects: [
                setOffer.of({ ...now, word: { kind: 'offer', known: source } }),
                told(source !== null),
              ],
            })
          },
          () => undefined,
        )
      },
    }
  })

  return [
    pending,
    field,
    asked,
    Prec.high(
      keymap.of([
        { key: 'Alt-Enter', run: accept },
        {
          key: 'Escape',
          run(view) {
            if (view.state.field(field) === null) return cancelLast(view)
            view.dispatch({ effects: setOffer.of(null) })
            return true
          },
        },
      ]),
    ),
  ]
}

function told(isKnown: boolean) {
  return EditorView.announce.of(
    isKnown
      ? 'The ledger has this page. Alt Enter cites it, Escape keeps the link.'
      : 'A link was pasted. Alt Enter makes it a source, Escape keeps the link.',
  )
}

/** Makes the page at `url` a source, whose citation goes where the cursor is. */
export function addSource(
  view: EditorView,
  url: string,
  setting: Pick<ExtensionSetting, 'issue' | 'file'>,
): void {
  const at = view.state.selection.main.head
  void makeSource(view, { url, from: at, to: at, word: { kind: 'offer' } }, setting)
}

/** Asks for the source and puts its citation in the URL’s place: one step of undo, wherever the place is by then. */
async function makeSource(
  view: EditorView,
  offer: Offer,
  { issue, file }: Pick<ExtensionSetting, 'issue' | 'file'>,
): Promise<void> {
  const { url, from, to } = offer
  const abort = new AbortController()
  const id = nextPending()
  const text = view.state.doc.toString()
  const label = `Reading ${URL.parse(url)?.hostname ?? 'the page'} …`
  view.dispatch({
    effects: [
      setOffer.of(null),
      begin.of({ id, from, to, label, cancel: () => abort.abort() }),
      EditorView.announce.of(label),
    ],
  })
  const request: PasteRequest = { url, open: { path: file.path, text } }
  try {
    const made = await post<PastedSource>(apiPath(['issues', issue, 'sources']), request, abort.signal)
    cite(view, id, url, made, text.length)
  } catch (error) {
    const now = pendingOf(view.state, id)
    if (abort.signal.aborted || now === null) return
    const sentence = error instanceof ApiError ? sentenceOf(error) : 'The page could not be made a source.'
    const word = { kind: 'failed', sentence } as const
    view.dispatch({
      effects: [
        end.of(id),
        setOffer.of({ url, from: now.from, to: Math.max(now.to, now.from), word }),
        EditorView.announce.of(sentence),
      ],
    })
  }
}

function cite(view: EditorView, id: number, url: string, made: PastedSource, length: number): void {
  const now = pendingOf(view.state, id)
  if (now === null) return
  const { state } = view
  const isWhole = state.sliceDoc(now.from, now.to) === url
  const from = isWhole ? now.from : now.to
  const insert = spaced(state, from, made.citation)
  const citation = state.changes({ from, to: now.to, insert })
  const entry = entryChanges(made, length, now.since)
  const changes = entry === null ? citation : citation.compose(entry.map(citation))
  // The cursor stays with its words; where it stood right behind the URL, it stands behind the citation.
  const head = state.selection.main.head
  const after = changes.mapPos(now.to, 1)
  const selection = head >= now.from && head <= now.to ? EditorSelection.cursor(after) : undefined
  const word = { kind: 'done', made } as const
  const place = { url, from: after - made.citation.length, to: after, word }
  view.dispatch({
    changes,
    ...(selection === undefined ? {} : { selection }),
    effects: [end.of(id), setOffer.of(place), EditorView.announce.of(`Cited: ${made.source.title}.`)],
    annotations: isolateHistory.of('full'),
    userEvent: 'input.cite',
  })
}

/** The entry, where it goes into the open text itself, after what was written there meanwhile. */
function entryChanges({ edit }: PastedSource, length: number, since: Pending['since']): ChangeSet | null {
  if (edit === null) return null
  const made = ChangeSet.of({ from: edit.from, to: edit.to, insert: edit.insert }, length)
  return since === null ? made : made.map(since)
}

/** A citation stands apart from the word before it. */
export function spaced(state: EditorState, at: number, citation: string): string {
  return /[\p{L}\p{N}\p{P}]$/u.test(state.sliceDoc(Math.max(0, at - 2), at)) &&
    !/[([\s]$/u.test(state.sliceDoc(Math.max(0, at - 1), at))
    ? ` ${citation}`
    : citation
}
