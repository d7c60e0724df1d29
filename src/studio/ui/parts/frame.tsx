import { useLayoutEffect, useRef } from 'preact/hooks'

export interface FrameProps {
  readonly title: string
  /** Under `/frame/`. Another version of the same is shown at the place that was read. */
  readonly src: string
  /** In CSS pixels; default: all there is. */
  readonly width?: number
  /** The document, whenever another one is there: to listen to it, or to read it. What it gives back ends that. */
  readonly onShown?: (document: Document) => (() => void) | void
}

/**
 * A mail or page under a policy of its own, in which nothing runs. A newer version loads unseen, scrolls to where the
 * old one was and takes its place. Links in it are opened by us, beside the studio.
 */
export function Frame({ title, src, width, onShown }: FrameProps) {
  const stage = useRef<HTMLDivElement>(null)
  const shown = useRef(onShown)
  shown.current = onShown
  useLayoutEffect(() => {
    const box = stage.current
    if (box === null) return
    const old = box.querySelector<HTMLIFrameElement>('iframe:not(.coming)')
    box.querySelector('iframe.coming')?.remove()
    const next = document.createElement('iframe')
    next.title = title
    next.className = old === null ? '' : 'coming'
    next.src = src
    let end: (() => void) | void
    next.addEventListener('load', () => {
      end?.()
      if (old !== null && old.isConnected) {
        const samePage = new URL(old.src).pathname === new URL(next.src).pathname
        if (samePage)
          next.contentWindow?.scrollTo(old.contentWindow?.scrollX ?? 0, old.contentWindow?.scrollY ?? 0)
        old.remove()
        next.classList.remove('coming')
      }
      if (next.contentDocument === null) return
      next.contentDocument.addEventListener('click', openLink)
      end = shown.current?.(next.contentDocument)
    })
    box.append(next)
    return () => end?.()
  }, [src, title])
  return <div class="frame" ref={stage} style={width === undefined ? {} : { maxWidth: `${width}px` }} />
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
