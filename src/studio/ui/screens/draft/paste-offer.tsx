import { StateEffect, StateField, type EditorState, type Transaction } from '@codemirror/state'
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view'
import { render } from 'preact'
import type { PastedSource, ShownSource } from '../../../contract/sources.ts'
import { Button } from '../../parts/button.tsx'
import { reveal } from '../../shell/workspace.ts'
import { isProse } from './completion-place.ts'
import { BARE_URL } from './editor-link.ts'

/** What is said about a URL in the text, below its line, until it is answered or the writer goes on elsewhere. */
export type Word =
  /** `known`: the ledger has it; undefined: nobody has said yet. */
  | { readonly kind: 'offer'; readonly known?: ShownSource | null }
  | { readonly kind: 'done'; readonly made: PastedSource }
  | { readonly kind: 'failed'; readonly sentence: string }

export interface Offer {
  readonly url: string
  readonly from: number
  readonly to: number
  readonly word: Word
}

export const setOffer = StateEffect.define<Offer | null>()

/** What the buttons do. */
export interface OfferDeeds {
  accept(view: EditorView): void
}

/** @param deeds called by the buttons */
export function offerField(deeds: OfferDeeds): StateField<Offer | null> {
  return StateField.define<Offer | null>({
    create: () => null,
    update(before, transaction) {
      for (const effect of transaction.effects) if (effect.is(setOffer)) return effect.value
      return pastedUrl(transaction) ?? (before === null ? null : moved(before, transaction))
    },
    provide: (field) =>
      EditorView.decorations.compute([field], (state) => {
        const offer = state.field(field)
        return offer === null ? Decoration.none : shown(state, offer, deeds)
      }),
  })
}

/** A URL alone, put where prose is; not one that a link is being made of. */
function pastedUrl(transaction: Transaction): Offer | null {
  if (!transaction.isUserEvent('input.paste') && !transaction.isUserEvent('input.drop')) return null
  let found: Offer | null = null
  let count = 0
  transaction.changes.iterChanges((_fromA, _toA, from, to, inserted) => {
    count += 1
    const text = inserted.toString()
    const url = text.trim()
    const start = from + text.indexOf(url)
    if (BARE_URL.test(url))
      found = { url, from: start, to: Math.min(to, start + url.length), word: { kind: 'offer' } }
  })
  const { state } = transaction
  return count === 1 && found !== null && mayStand(state, found) ? found : null
}

function mayStand(state: EditorState, { from, to }: Offer): boolean {
  const before = state.sliceDoc(Math.max(0, from - 2), from)
  if (/[(<"'=`\]]$/u.test(before) || /^[\])>]/u.test(state.sliceDoc(to, to + 1))) return false
  return isProse(state, from)
}

/** Gone when its URL is another, or the cursor is in another line. */
function moved(offer: Offer, { changes, docChanged, state, selection }: Transaction): Offer | null {
  const from = docChanged ? changes.mapPos(offer.from, 1) : offer.from
  const to = docChanged ? changes.mapPos(offer.to, -1) : offer.to
  if (from >= to) return null
  if (docChanged && offer.word.kind === 'offer' && state.sliceDoc(from, to) !== offer.url) return null
  const lines = [state.doc.lineAt(from).number, state.doc.lineAt(state.selection.main.head).number]
  if (selection !== undefined && lines[0] !== lines[1]) return null
  return docChanged ? { ...offer, from, to } : offer
}

/** Below the whole line, and over none of the text: somebody may be writing on right behind the URL. */
function shown(state: EditorState, offer: Offer, deeds: OfferDeeds): DecorationSet {
  const widget = new OfferWidget(offer, deeds)
  return Decoration.set(
    Decoration.widget({ widget, block: true, side: 1 }).range(state.doc.lineAt(offer.to).to),
  )
}

class OfferWidget extends WidgetType {
  readonly #offer: Offer
  readonly #deeds: OfferDeeds

  constructor(offer: Offer, deeds: OfferDeeds) {
    super()
    this.#offer = offer
    this.#deeds = deeds
  }

  override eq(other: OfferWidget): boolean {
    return other.#offer.word === this.#offer.word && other.#offer.url === this.#offer.url
  }

  override toDOM(view: EditorView): HTMLElement {
    const dom = document.createElement('div')
    dom.className = 'paste-offer'
    render(
      <div class="paste-card">
        <OfferBox offer={this.#offer} view={view} deeds={this.#deeds} />
      </div>,
      dom,
    )
    return dom
  }

  override destroy(dom: HTMLElement): void {
    render(null, dom)
  }

  override ignoreEvent(): boolean {
    return true
  }
}

/** Brings what is said into sight, once it is drawn. */
export function showOffer(view: EditorView): void {
  requestAnimationFrame(() => view.dom.querySelector('.paste-offer')?.scrollIntoView({ block: 'nearest' }))
}

function OfferBox({
  offer,
  view,
  deeds,
}: {
  readonly offer: Offer
  readonly view: EditorView
  readonly deeds: OfferDeeds
}) {
  const close = (): void => {
    view.dispatch({ effects: setOffer.of(null) })
    view.focus()
  }
  const { word } = offer
  switch (word.kind) {
    case 'offer':
      return (
        <div class="paste-row">
          {word.known ? (
            <p>
              The ledger has this page: <b dir="auto">{word.known.title}</b> ({word.known.publisher})
            </p>
          ) : (
            <p>
              The page at <b>{URL.parse(offer.url)?.hostname ?? offer.url}</b> can be read, put into the
              ledger and cited here.
            </p>
          )}
          <Button kind="primary" onClick={() => deeds.accept(view)}>
            {word.known ? 'Cite it' : 'Make it a source'} <kbd>Alt Enter</kbd>
          </Button>
          <Button kind="quiet" onClick={close}>
            Keep the link <kbd>Esc</kbd>
          </Button>
        </div>
      )
    case 'failed':
      return (
        <div class="paste-row">
          <p class="wrong">{word.sentence}</p>
          <Button onClick={() => deeds.accept(view)}>Try again</Button>
          <Button kind="quiet" onClick={close}>
            Keep the link <kbd>Esc</kbd>
          </Button>
        </div>
      )
    case 'done':
      return <Made made={word.made} onClose={close} />
  }
}

function Made({ made, onClose }: { readonly made: PastedSource; readonly onClose: () => void }) {
  const { source, existing, notes } = made
  return (
    <div class="paste-made">
      <p>
        <b dir="auto">{source.title}</b> ({source.publisher}){' '}
        {existing ? 'was in the ledger already.' : 'is in the ledger now.'}
      </p>
      {notes.length > 0 && (
        <ul>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <div class="paste-row">
        <Button onClick={() => reveal({ ...source.place, in: 'draft', focus: true })}>Open the entry</Button>
        <Button kind="quiet" onClick={onClose}>
          Close <kbd>Esc</kbd>
        </Button>
      </div>
    </div>
  )
}
