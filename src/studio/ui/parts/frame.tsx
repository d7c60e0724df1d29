import { useLayoutEffect, useRef } from 'preact/hooks'
import { attributeOf, bodyOf, closestIn, headOf, listenIn, rootOf, windowOf } from './frame-document.ts'

export interface FrameProps {
  readonly title: string
  /** Under `/frame/`. Another version of the same (`v`) is shown at the place that was read. */
  readonly src: string
  /** In CSS pixels; default: all there is. */
  readonly width?: number
  /** How large it is drawn, from above 0 to 1, where its width does not fit; default: 1. */
  readonly scale?: number
  /**
   * What shares a name is read at the same place, whoever it is for, when it is shown again too; default: the path of
   * `src`, and from its beginning each time.
   */
  readonly reads?: string
  /** The document, whenever another one is there: to listen to it, or to read it. What it gives back ends that. */
  readonly onShown?: (document: Document, frame: HTMLIFrameElement) => (() => void) | void
}

/**
 * A mail or page under a policy of its own, in which nothing runs. A newer version takes its place where it is read; another
 * page loads unseen first. Links in it are opened by us, beside the studio.
 */
export function Frame({ title, src, width, scale = 1, reads, onShown }: FrameProps) {
  const stage = useRef<HTMLDivElement>(null)
  const latest = useRef({ title, onShown })
  latest.current = { title, onShown }
  const ending = useRef<(() => void) | void>(undefined)
  useLayoutEffect(() => {
    const box = stage.current
    if (box === null) return
    const old = box.querySelector<HTMLIFrameElement>('iframe:not(.coming)')
    const place = reads ?? new URL(src, location.href).pathname
    const told = (document: Document, frame: HTMLIFrameElement): void => {
      ending.current?.()
      ending.current = latest.current.onShown?.(document, frame)
    }
    box.querySelector('iframe.coming')?.remove()
    // Before its own document is there, a frame has an empty one under our policy.
    const isLoaded = old?.dataset['loaded'] === 'yes'
    if (old !== null && isLoaded && old.contentDocument !== null && isNewer(old.dataset['src'] ?? '', src)) {
      const abort = new AbortController()
      renew(old.contentDocument, src, abort.signal).then(
        (document) => {
          old.dataset['src'] = src
          told(document, old)
        },
        // The next version comes by itself, or what does not answer says so elsewhere.
        () => undefined,
      )
      return () => abort.abort()
    }
    const next = document.createElement('iframe')
    next.title = latest.current.title
    next.className = old === null ? '' : 'coming'
    next.src = src
    next.dataset['src'] = src
    next.dataset['place'] = place
    next.addEventListener('load', () => {
      next.dataset['loaded'] = 'yes'
      if (old !== null && old.isConnected) {
        const { scrollX = 0, scrollY = 0 } = old.contentWindow ?? {}
        if (old.dataset['place'] === place) next.contentWindow?.scrollTo(scrollX, scrollY)
        old.remove()
        next.classList.remove('coming')
      } else if (reads !== undefined) next.contentWindow?.scrollTo(0, keptPlace(reads))
      if (next.contentDocument === null) return
      // As long as the document is there.
      const { signal } = new AbortController()
      listenIn(next.contentDocument, 'click', openLink, signal)
      listenIn(next.contentDocument, 'auxclick', openLink, signal)
      if (reads !== undefined)
        listenIn(
          next.contentDocument,
          'scroll',
          () => keepPlace(reads, next.contentWindow?.scrollY ?? 0),
          signal,
        )
      told(next.contentDocument, next)
    })
    box.append(next)
  }, [src, reads])
  useLayoutEffect(() => {
    // By another name it is the same document: the one under somebody's pointer stays.
    for (const each of stage.current?.querySelectorAll('iframe') ?? []) each.title = title
  }, [title])
  useLayoutEffect(() => () => ending.current?.(), [])
  return <div class="frame" ref={stage} style={styleOf(width, scale)} />
}

/** How far down something was read in this window, also before the page was loaded again. */
function keptPlace(reads: string): number {
  try {
    return Number(sessionStorage.getItem(`onrecord.place.${reads}`))
  } catch {
    return 0
  }
}

function keepPlace(reads: string, top: number): void {
  try {
    sessionStorage.setItem(`onrecord.place.${reads}`, String(top))
  } catch {
    // Without a memory, it is read from its beginning again.
  }
}

/** At its true width, then drawn smaller: its styles are asked for the width that it has. */
function styleOf(width: number | undefined, scale: number) {
  if (width === undefined) return {}
  if (scale === 1) return { maxWidth: `${width}px` }
  return {
    width: `${width}px`,
    height: `${100 / scale}%`,
    transform: `scale(${scale})`,
    transformOrigin: '0 0',
  }
}

/** Whether only the version is another one. */
function isNewer(old: string, next: string): boolean {
  const [before, after] = [old, next].map((src) => new URL(src, location.href))
  before?.searchParams.delete('v')
  after?.searchParams.delete('v')
  return before?.href === after?.href
}

/**
 * Puts the newer version into the document that is there, in half the time that another document takes. The
 * document keeps its own policy, by which nothing in it runs, whatever is put there.
 */
async function renew(shown: Document, src: string, signal: AbortSignal): Promise<Document> {
  const answer = await fetch(src, { signal })
  if (!answer.ok) throw new Error(String(answer.status))
  const text = await answer.text()
  if (signal.aborted) throw new Error('another one is asked for')
  const view = windowOf(shown)
  // Of the frame's own window: what ours makes is under our policy, by which no style attribute counts.
  const Parser = Reflect.get(view ?? window, 'DOMParser') as typeof DOMParser
  const fresh = new Parser().parseFromString(text, 'text/html')
  const [x, y] = [view?.scrollX ?? 0, view?.scrollY ?? 0]
  const [oldHead, newHead] = [headOf(shown), headOf(fresh)]
  if (newHead !== null && oldHead?.innerHTML !== newHead.innerHTML)
    oldHead?.replaceWith(copied(shown, newHead))
  const newBody = bodyOf(fresh)
  if (newBody !== null) bodyOf(shown)?.replaceWith(copied(shown, newBody))
  for (const name of ['lang', 'dir']) {
    const [root, newRoot] = [rootOf(shown), rootOf(fresh)]
    const value = newRoot === null ? null : attributeOf(newRoot, name)
    if (value === null) root?.removeAttribute(name)
    else root?.setAttribute(name, value)
  }
  view?.scrollTo(x, y)
  return shown
}

function copied(into: Document, node: Element): Element {
  return Reflect.apply(Document.prototype.importNode, into, [node, true]) as Element
}

/** Only what a browser shows by itself: the frame's own policy opens nothing. */
function openLink(event: MouseEvent): void {
  // Of an image map, and of SVG, too: what they lead to would take the place of the mail.
  const link = event.button > 1 ? null : closestIn(event.target, 'a, area')
  const address = link === null ? null : (attributeOf(link, 'href') ?? attributeOf(link, 'xlink:href'))
  if (address === null || address.startsWith('#')) return
  event.preventDefault()
  const url = URL.parse(address, location.href)
  if (url !== null && ['http:', 'https:'].includes(url.protocol))
    open(url.href, '_blank', 'noopener,noreferrer')
}
