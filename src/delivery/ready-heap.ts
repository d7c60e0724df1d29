/** Things that become ready at a time, the earliest first. */
export interface ReadyHeap<T> {
  readonly size: number
  /** When the first becomes ready; `Infinity` when there is none. */
  readonly earliest: number
  push(at: number, value: T): void
  pop(): T | undefined
}

interface Node<T> {
  readonly at: number
  /** Of two that are ready at the same time, the one pushed first goes first. */
  readonly order: number
  readonly value: T
}

/** A binary heap. */
export function createReadyHeap<T>(): ReadyHeap<T> {
  const nodes: Node<T>[] = []
  let order = 0
  return {
    get size() {
      return nodes.length
    },
    get earliest() {
      return nodes[0]?.at ?? Number.POSITIVE_INFINITY
    },
    push(at, value) {
      const node = { at, order, value }
      order += 1
      rise(nodes, node)
    },
    pop() {
      const first = nodes[0]
      const last = nodes.pop()
      if (last !== undefined && nodes.length > 0) sink(nodes, last)
      return first?.value
    },
  }
}

function isBefore<T>(one: Node<T>, other: Node<T>): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}

function rise<T>(nodes: Node<T>[], node: Node<T>): void {
  let place = nodes.length
  while (place > 0) {
    const above = (place - 1) >> 1
    const parent = nodes[above]
    if (parent === undefined || !isBefore(node, parent)) break
    nodes[place] = parent
    place = above
  }
  nodes[place] = node
}

function sink<T>(nodes: Node<T>[], node: Node<T>): void {
  let place = 0
  for (;;) {
    const left = nodes[2 * place + 1]
    const right = nodes[2 * place + 2]
    if (left === undefined) break
    const isRight = right !== undefined && isBefore(right, left)
    const child = isRight ? right : left
    if (!isBefore(child, node)) break
    nodes[place] = child
    place = 2 * place + (isRight ? 2 : 1)
  }
  nodes[place] = node
}
