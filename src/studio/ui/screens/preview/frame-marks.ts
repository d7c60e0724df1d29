import { boxOf, elementsIn, rootOf, windowOf } from '../../parts/frame-document.ts'

/** Something of ours that is drawn in a frame’s document, and moves with it. */
export interface FrameMark {
  /** Over this element from now on; null: nowhere. */
  show(element: Element | null): void
  remove(): void
}

/** The colours stand on whatever a mail has below. */
const kinds = {
  /** A light on a passage. */
  passage: { outline: '2px solid #1b6fb8', background: 'rgb(27 111 184 / 0.12)', 'border-radius': '3px' },
  /** Under the pointer. */
  pointed: { outline: '1px dashed #1b6fb8', 'border-radius': '3px' },
  /** The line before which Gmail stops. */
  clip: { 'border-top': '3px dashed #a31515' },
} as const

/**
 * Draws in a frame. Its own styles cannot hide or change what we draw: ours are said at the element, and all of them
 * `!important`.
 */
export function markIn(document: Document, kind: keyof typeof kinds, label = ''): FrameMark {
  const root = rootOf(document)
  const view = windowOf(document)
  const mark = element(document, {
    position: 'absolute',
    'box-sizing': 'border-box',
    'pointer-events': 'none',
    'z-index': '2147483647',
    display: 'none',
    ...kinds[kind],
  })
  mark.setAttribute('aria-hidden', 'true')
  if (label !== '') mark.append(words(document, label))
  root?.append(mark)
  let over: Element | null = null
  const place = (): void => {
    if (over === null || view === null) return mark.style.setProperty('display', 'none', 'important')
    const { left, top, width, height } = boxOf(over)
    const line = kind === 'clip'
    const at = {
      display: 'block',
      left: line ? '0' : `${left + view.scrollX - 4}px`,
      right: line ? '0' : 'auto',
      top: `${top + view.scrollY - (line ? 2 : 2)}px`,
      width: line ? 'auto' : `${width + 8}px`,
      height: line ? '0' : `${height + 4}px`,
    }
    for (const [name, value] of Object.entries(at)) mark.style.setProperty(name, value, 'important')
  }
  // Images come later than the words, and a window may be made narrower.
  const observer = new ResizeObserver(place)
  if (root !== null) observer.observe(root)
  return {
    show(next) {
      over = next
      place()
    },
    remove() {
      observer.disconnect()
      mark.remove()
    },
  }
}

/** The first element that a selector of the server’s matches; null: none does, or it is no selector. */
export function elementOf(document: Document, selector: string | null): Element | null {
  if (selector === null) return null
  try {
    return elementsIn(document, selector, 1)[0] ?? null
  } catch {
    return null
  }
}

function words(document: Document, text: string): HTMLElement {
  const label = element(document, {
    display: 'block',
    position: 'absolute',
    top: '0',
    right: '0',
    padding: '3px 10px 4px',
    background: '#a31515',
    color: '#ffffff',
    font: '600 12px/1.4 system-ui, sans-serif',
    direction: 'ltr',
  })
  label.textContent = text
  return label
}

function element(document: Document, styles: Readonly<Record<string, string>>): HTMLElement {
  const made = Reflect.apply(Document.prototype.createElement, document, ['div']) as HTMLElement
  made.style.setProperty('all', 'initial', 'important')
  for (const [name, value] of Object.entries(styles)) made.style.setProperty(name, value, 'important')
  return made
}
