import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClipLine, IssuePreview, PreviewSource, SectionBytes } from '../../../contract/preview.ts'
import { boxOf, closestIn, focusedIn, listenIn, textOf, windowOf } from '../../parts/frame-document.ts'
import { Frame } from '../../parts/frame.tsx'
import { useReveal } from '../../shell/workspace.ts'
import { elementOf, markIn, type FrameMark } from './frame-marks.ts'
import { isSeen, passageAt, passageOf, passagesIn, sentenceAt, wordsOf, type Passage } from './position.ts'
import { sizeInWords } from '../../shell/size.ts'
import { lettersAreOn } from '../../shell/typing.ts'
import type { ScrollTogether } from './scroll-together.ts'
import { SourceCard, type CardPlace } from './source-card.tsx'
import { useWidth } from './use-width.ts'
import { WidthHandle } from './width-handle.tsx'

/** A place in the text, and the sentence that was meant. */
export interface Meant {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly words?: string
}

export interface MailPictureProps {
  readonly title: string
  readonly src: string
  /** What shares it is read at the same place. */
  readonly reads: string
  readonly width: number
  readonly onWidth: (width: number) => void
  /** What stands in the picture; null of a page, which has no position marks. */
  readonly mail: Pick<IssuePreview, 'sources' | 'files' | 'clip' | 'limits'> | null
  /** What else is read at the same words. */
  readonly together: ScrollTogether
  /** Whether it follows the cursor in the draft. */
  readonly follows: boolean
  readonly onMeant: (meant: Meant) => void
  /** A section to be shown, another object each time. */
  readonly target: SectionBytes | ClipLine | null
  /** Stands before the width, and after it what else is to be known of the picture. */
  readonly foot?: ComponentChildren
  readonly note?: string | null
}

interface Shown {
  readonly document: Document
  readonly frame: HTMLIFrameElement
  readonly light: FrameMark
  readonly clip: FrameMark
}

/** How long a card stays after the pointer has left its number, in milliseconds, so that it can be reached. */
const CARD_STAYS_MS = 250

/** A mail or page at its true width, drawn smaller only where that does not fit; with its sources, its clip line and its places. */
export function MailPicture(props: MailPictureProps) {
  const { title, src, reads, width, onWidth, mail, target, foot, note = null } = props
  const stage = useRef<HTMLDivElement>(null)
  const room = useWidth(stage)
  const shown = useRef<Shown | null>(null)
  const lit = useRef<Passage | null>(null)
  const waiting = useRef<{ readonly file: string; readonly line: number } | null>(null)
  const [pointed, setPointed] = useState<Passage | null>(null)
  const [card, setCard] = useState<{ readonly source: PreviewSource; readonly place: CardPlace } | null>(null)
  const closing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const latest = useRef(props)
  latest.current = props
  const scale = room === null ? 1 : Math.min(1, Math.max(0.2, (room - 2 * HANDLE_PX) / width))

  const close = (): void => {
    clearTimeout(closing.current)
    closing.current = setTimeout(() => setCard(null), CARD_STAYS_MS)
  }
  const showCard = (frame: HTMLIFrameElement, link: Element): void => {
    const number = Number(/^\s*\[(\d+)/.exec(textOf(link))?.[1])
    const source = latest.current.mail?.sources.find((each) => each.number === number)
    const within = stage.current?.getBoundingClientRect()
    if (source === undefined || within === undefined) return
    clearTimeout(closing.current)
    const outer = frame.getBoundingClientRect()
    const drawn = outer.width / Math.max(1, frame.offsetWidth)
    const box = boxOf(link)
    const above = outer.top + box.bottom * drawn > within.top + within.height * 0.6
    const left = outer.left + box.left * drawn - within.left
    setCard({
      source,
      place: {
        number,
        above,
        left: Math.max(8, Math.min(left - 16, within.width - CARD_PX - 8)),
        top: outer.top + (above ? box.top : box.bottom) * drawn - within.top,
      },
    })
  }
  const light = (passage: Passage | null, scroll: boolean): void => {
    const now = shown.current
    if (now === null) return
    lit.current = passage
    now.light.show(passage?.element ?? null)
    setPointed(passage)
    const view = windowOf(now.document)
    if (passage !== null && scroll && view !== null && !isSeen(passage.element, view.innerHeight))
      view.scrollTo({ top: boxOf(passage.element).top + view.scrollY - view.innerHeight / 4 })
  }
  const showPlace = (place: { readonly file: string; readonly line: number }): boolean => {
    const now = shown.current
    const passage =
      now === null ? null : passageOf(passagesIn(now.document, latest.current.mail?.files ?? []), place)
    if (passage !== null) light(passage, true)
    return passage !== null
  }
  const onKey = (event: KeyboardEvent): void => {
    const now = shown.current
    if (now === null || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape') return setCard(null)
    if (event.key.length === 1 && !lettersAreOn()) return
    if (event.key === 'e' || (event.key === 'Enter' && closestIn(focusedIn(now.document), 'a') === null)) {
      if (lit.current !== null) latest.current.onMeant(lit.current.position)
      return
    }
    if (event.key !== 'j' && event.key !== 'k') return
    const passages = passagesIn(now.document, latest.current.mail?.files ?? [])
    const from = passages.findIndex(({ element }) => element === lit.current?.element)
    const seen = passages.findIndex(({ element }) => boxOf(element).bottom > 0)
    const first = seen < 0 ? passages.length - 1 : seen
    const next = from < 0 ? first : from + (event.key === 'j' ? 1 : -1)
    const passage = passages[next]
    if (passage !== undefined) light(passage, true)
  }

  const onShown = (document: Document, frame: HTMLIFrameElement): (() => void) => {
    const abort = new AbortController()
    const { signal } = abort
    const { mail: drawn } = latest.current
    const label = `Gmail stops here, at ${sizeInWords(drawn?.limits.clip ?? 0)}`
    const [ours, under, clip] = [
      markIn(document, 'passage'),
      markIn(document, 'pointed'),
      markIn(document, 'clip', label),
    ]
    shown.current = { document, frame, light: ours, clip }
    clip.show(elementOf(document, drawn?.clip?.selector ?? null))
    // A light that was on stays on, over the same words.
    const before = lit.current?.position ?? null
    lit.current = null
    if (before !== null) light(passageOf(passagesIn(document, drawn?.files ?? []), before), false)
    if (waiting.current !== null && showPlace(waiting.current)) waiting.current = null

    const files = (): readonly string[] => latest.current.mail?.files ?? []
    const citation = (at: EventTarget | null): Element | null => {
      const link = closestIn(at, 'a')
      return link !== null && /^\s*\[\d+/.test(textOf(link)) ? link : null
    }
    listenIn(
      document,
      'pointerover',
      (event) => {
        const link = citation(event.target)
        if (link !== null) showCard(frame, link)
        const passage = closestIn(event.target, 'a') === null ? passageAt(event.target, files()) : null
        under.show(passage?.element ?? null)
        setPointed(passage ?? lit.current)
      },
      signal,
    )
    listenIn(
      document,
      'pointerout',
      (event) => {
        if (citation(event.target) !== null) close()
        if (event.relatedTarget !== null) return
        under.show(null)
        setPointed(lit.current)
      },
      signal,
    )
    listenIn(
      document,
      'focusin',
      (event) => {
        const link = citation(event.target)
        if (link !== null) showCard(frame, link)
      },
      signal,
    )
    listenIn(document, 'focusout', close, signal)
    listenIn(document, 'keydown', onKey, signal)
    listenIn(document, 'scroll', () => setCard(null), signal)
    listenIn(
      document,
      'click',
      (event) => {
        const passage = passageAt(event.target, files())
        const chosen = windowOf(document)?.getSelection()?.isCollapsed === false
        if (passage === null || chosen || closestIn(event.target, 'a') !== null) return
        light(passage, false)
        const words = sentenceAt(document, passage, event.clientX, event.clientY)
        latest.current.onMeant({ ...passage.position, ...(words === null ? {} : { words }) })
      },
      signal,
    )
    const leave = drawn === null ? null : latest.current.together.join(document, drawn.files)
    return () => {
      abort.abort()
      leave?.()
      for (const each of [ours, under, clip]) each.remove()
      if (shown.current?.document === document) shown.current = null
    }
  }

  useReveal(
    (wish) => wish.in === 'preview',
    (wish) => {
      if (!latest.current.follows && !wish.focus) return
      if (!showPlace(wish)) waiting.current = wish
      if (wish.focus) shown.current?.frame.focus()
    },
  )
  // The numbers of a mail may come after its picture.
  const clipsAt = mail?.clip?.selector ?? null
  useEffect(() => {
    const now = shown.current
    now?.clip.show(elementOf(now.document, clipsAt))
  }, [clipsAt])
  useEffect(() => {
    const now = shown.current
    const element = now === null || target === null ? null : elementOf(now.document, target.selector)
    const view = now === null ? null : windowOf(now.document)
    if (now === null || element === null || view === null) return
    const isLine = target !== null && 'at' in target
    // An anchor is no wider than nothing, and the line shows itself.
    now.light.show(!isLine && boxOf(element).width > 40 ? element : null)
    const top = isLine ? view.innerHeight / 2 : 12
    view.scrollTo({ top: target?.selector === 'body' ? 0 : boxOf(element).top + view.scrollY - top })
  }, [target])
  useEffect(() => () => clearTimeout(closing.current), [])

  const place =
    pointed === null ? null : `${pointed.position.file.replace(/^.*\//, '')}, line ${pointed.position.line}`
  return (
    <div class="preview-picture">
      <div class="preview-stage" ref={stage} onKeyDown={(event) => event.key === 'Escape' && setCard(null)}>
        {room !== null && (
          <div class="preview-sheet" style={{ width: `${width * scale}px` }}>
            <Frame {...{ title, src, reads, width, scale, onShown }} />
          </div>
        )}
        <WidthHandle {...{ width, scale, onWidth }} />
        {card !== null && (
          <SourceCard {...card} onKeep={() => clearTimeout(closing.current)} onLeave={close} />
        )}
      </div>
      <div class="preview-foot">
        {foot}
        <span>
          {width.toLocaleString('en')} px wide
          {scale < 1 && `, drawn at ${Math.round(scale * 100)} % to fit`}
          {note !== null && ` · ${note}`}
        </span>
        <span class="preview-place">{place}</span>
      </div>
      <p class="visually-hidden" role="status">
        {card !== null
          ? `Source ${card.source.number}: ${card.source.title}, ${card.source.publisher}.`
          : pointed !== null && pointed === lit.current
            ? `${wordsOf(pointed)} (${place})`
            : ''}
      </p>
    </div>
  )
}

/** Of the handle at each side, and of a card, in CSS pixels. */
const HANDLE_PX = 18
const CARD_PX = 340
