import type { Memory } from './undo.ts'

interface Entry extends Memory {
  readonly key: string
}

/** Of so many files the steps of undo are kept, those that were written last. */
const MOST_FILES = 40

/** Keeps what can be undone, in the browser. Where it keeps nothing, nothing is lost but that. */
export async function keepUndo(key: string, memory: Memory): Promise<void> {
  const database = await opened()
  if (database === null) return
  const store = database.transaction('undo', 'readwrite').objectStore('undo')
  const entry: Entry = { key, ...memory }
  store.put(entry)
  const count = store.count()
  count.addEventListener('success', () => {
    let more = count.result - MOST_FILES
    if (more <= 0) return
    const oldest = store.index('at').openCursor()
    oldest.addEventListener('success', () => {
      if (oldest.result === null || more-- <= 0) return
      oldest.result.delete()
      oldest.result.continue()
    })
  })
}

/** What was kept of a file, or null. */
export async function keptUndo(key: string): Promise<Memory | null> {
  const database = await opened()
  if (database === null) return null
  const asked = database.transaction('undo').objectStore('undo').get(key) as IDBRequest<Entry | undefined>
  return (await settled(asked)) ?? null
}

let opening: Promise<IDBDatabase | null> | null = null

function opened(): Promise<IDBDatabase | null> {
  opening ??= (async () => {
    const asked = indexedDB.open('onrecord', 1)
    asked.addEventListener('upgradeneeded', () => {
      asked.result.createObjectStore('undo', { keyPath: 'key' }).createIndex('at', 'at')
    })
    return await settled(asked)
  })().catch(() => null)
  return opening
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value | null> {
  return new Promise((resolve) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => resolve(null))
  })
}
