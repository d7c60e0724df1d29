/*
 * What stands in a frame is hostile: in it, an element that is named `body` or `querySelector` takes the place of what a
 * document should have there (HTML, section 3.1.7), and a form’s fields that of the form’s own. So no document and no element of
 * a frame is asked by itself: what all of their kind have is asked about it.
 */

/** All elements that match, in order, at most `most` of them. */
export function elementsIn(document: Document, selector: string, most = 5_000): readonly Element[] {
  const found = Reflect.apply(Document.prototype.querySelectorAll, document, [
    selector,
  ]) as NodeListOf<Element>
  return Array.from({ length: Math.min(found.length, most) }, (_, index) => found[index]).filter(
    (each) => each !== undefined,
  )
}

/** The nearest element around `target`, itself included, that matches. */
export function closestIn(target: EventTarget | null, selector: string): Element | null {
  if (target === null) return null
  try {
    return Reflect.apply(Element.prototype.closest, target, [selector]) as Element | null
  } catch {
    // The document itself, or its window.
    return null
  }
}

export function attributeOf(element: Element, name: string): string | null {
  return Reflect.apply(Element.prototype.getAttribute, element, [name]) as string | null
}

export function textOf(node: Node): string {
  return (Reflect.get(Node.prototype, 'textContent', node) as string | null) ?? ''
}

export function boxOf(element: Element): DOMRect {
  return Reflect.apply(Element.prototype.getBoundingClientRect, element, []) as DOMRect
}

export function rootOf(document: Document): HTMLElement | null {
  return Reflect.get(Document.prototype, 'documentElement', document) as HTMLElement | null
}

export function headOf(document: Document): HTMLHeadElement | null {
  return Reflect.get(Document.prototype, 'head', document) as HTMLHeadElement | null
}

export function bodyOf(document: Document): HTMLElement | null {
  return Reflect.get(Document.prototype, 'body', document) as HTMLElement | null
}

export function windowOf(document: Document): Window | null {
  return Reflect.get(Document.prototype, 'defaultView', document) as Window | null
}

export function focusedIn(document: Document): Element | null {
  return Reflect.get(Document.prototype, 'activeElement', document) as Element | null
}

/** Listens until `signal` is aborted. */
export function listenIn<Type extends keyof DocumentEventMap>(
  document: Document,
  type: Type,
  listener: (event: DocumentEventMap[Type]) => void,
  signal: AbortSignal,
): void {
  Reflect.apply(EventTarget.prototype.addEventListener, document, [type, listener, { signal }])
}
