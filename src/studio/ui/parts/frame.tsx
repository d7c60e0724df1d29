import { useLayoutEffect, useRef } from 'preact/hooks'

export interface FrameProps {
  readonly title: string
  /** Under `/frame/`. Another version of the same (`v`) is shown at the place that was read. */
  readonly src: string
  /** In CSS pixels; default: all there is. */
  readonly width?: number
  /** The document, whenever another one is there: to listen to it, or to read it. What it gives back ends that. */
  readonly onShown?: (document: Document) => (() => void) | void
}

/**
 * A mail or page under a policy of its own, in which nothing runs. A newer version takes its place where it is read; another
 * page loads unseen first. Links in it are opened by us, beside the studio.
 */
export function Frame({ title, src, width, onShown }: FrameProps) {
  const stage = useRef<HTMLDivElement>(null)
  const shown = useRef(onShown)
  shown.current = onShown
  const ending = useRef<(() => void) | void>(undefined)
  useLayoutEffect(() => {
    const box = stage.current
    if (box === null) return
    const old = box.querySelector<HTMLIFrameElement>('iframe:not(.coming)')
    const told = (document: Document): void => {
      ending.current?.()
      ending.current = shown.current?.(document)
    }
    box.querySelector('iframe.coming')?.remove()
    if (old !== null && old.contentDocument !== null && isNewer(old.dataset['src'] ?? '', src)) {
      const abort = new AbortController()
      renew(old.contentDocument, src, abort.signal).then(
        (document) => {
          old.dataset['src'] = src
          told(document)
        },
        // The next version comes by itself, or what does not answer says so elsewhere.
        () => undefined,
      )
      return () => abort.abort()
    }
    const next = document.createElement('iframe')
    next.title = title
    next.className = old === null ? '' : 'coming'
    next.src = src
    next.dataset['src'] = src
    next.addEventListener('load', () => {
      if (old !== null && old.isConnected) {
        const samePage = new URL(old.src).pathname === new URL(next.src).pathname
        if (samePage)
          next.contentWindow?.scrollTo(old.contentWindow?.scrollX ?? 0, old.contentWindow?.scrollY ?? 0)
        old.remove()
        next.classList.remove('coming')
      }
      if (next.contentDocument === null) return
      next.contentDocument.addEventListener('click', openLink)
      told(next.contentDocument)
    })
    box.append(next)
  }, [src, title])
  useLayoutEffect(() => () => ending.current?.(), [])
  return <div class="frame" ref={stage} style={width === undefined ? {} : { maxWidth: `${width}px` }} />
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
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  if (signal.aborted) throw new Error('another one is asked for')
  const view = shown.defaultView
  const [x, y] = [view?.scrollX ?? 0, view?.scrollY ?? 0]
  if (shown.head.innerHTML !== fresh.head.innerHTML)
    shown.head.replaceWith(shown.importNode(fresh.head, true))
  shown.body.replaceWith(shown.importNode(fresh.body, true))
  view?.scrollTo(x, y)
  return shown
}

/** Only what a browser shows by itself: the frame's own policy opens nothing. */
function openLink(event: MouseEvent): void {
  const target = event.target
  // Another document's elements are of another `Element`.
  const link = target !== null && 'closest' in target ? (target as Element).closest('a') : null
  const address = link?.getAttribute('href') ?? ''
  if (address.startsWith('#')) return
  event.preventDefault()
  const url = URL.parse(address, location.href)
  if (url !== null && ['http:', 'https:'].includes(url.protocol))
    open(url.href, '_blank', 'noopener,noreferrer')
}
