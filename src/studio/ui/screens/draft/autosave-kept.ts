import type { Keep, KeptDraft } from './autosave-parties.ts'

/**
 * What this browser keeps of texts that are not on the disk yet: in `localStorage`, which is written at once, also
 * when the page is being left. Each page has its own; what a page that is gone has left is found by the next one.
 */
const page = crypto.randomUUID()
const prefix = 'onrecord.kept'

/** The page that this window showed before, which may be in the middle of its end. */
const before = previous()
/** How long that is waited for, in milliseconds, and where it has left a text; a window that was copied has one that lives on. */
const [ENDS_MS, LEAVES_MS] = [1_000, 10_000]

/** Held for as long as the page lives, so that others know that it does. */
hold()
addEventListener('pageshow', ({ persisted }) => persisted && hold())

function hold(): void {
  void navigator.locks
    .request(
      lockOf(page),
      // Let go at once when the page is left, and not when the browser comes to clear it away.
      () => new Promise<void>((resolve) => addEventListener('pagehide', () => resolve(), { once: true })),
    )
    .catch(() => undefined)
}

/** @param home tells publications apart that are shown at one address */
export function openKeep(home: string, path: string): Keep {
  const key = keyOf(home, path, page)
  return {
    put(draft) {
      try {
        localStorage.setItem(key, JSON.stringify(draft))
        return true
      } catch {
        return false
      }
    },
    clear() {
      try {
        localStorage.removeItem(key)
      } catch {
        // Where nothing can be kept, nothing is.
      }
    },
  }
}

/** A text of this file that a page has left behind, which is then this page's; null: there is none. */
export async function adoptKept(home: string, path: string): Promise<KeptDraft | null> {
  // One page at a time, so that no two take the same.
  return await navigator.locks.request(`${prefix}.adopt`, async () => {
    if (before !== null) {
      const leaves = localStorage.getItem(keyOf(home, path, before)) !== null
      const signal = AbortSignal.timeout(leaves ? LEAVES_MS : ENDS_MS)
      await navigator.locks.request(lockOf(before), { signal }, () => undefined).catch(() => undefined)
    }
    const { held = [] } = await navigator.locks.query()
    const alive = new Set(held.map(({ name }) => name))
    const start = keyOf(home, path, '')
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(start) || alive.has(lockOf(key.slice(start.length)))) continue
      const kept = parse(localStorage.getItem(key))
      if (kept !== null && !openKeep(home, path).put(kept)) return kept
      localStorage.removeItem(key)
      if (kept !== null) return kept
    }
    return null
  })
}

function previous(): string | null {
  try {
    const id = sessionStorage.getItem('onrecord.page')
    sessionStorage.setItem('onrecord.page', page)
    return id
  } catch {
    return null
  }
}

function keyOf(home: string, path: string, of: string): string {
  return `${prefix}.${home}.${path}:${of}`
}

function lockOf(of: string): string {
  return `onrecord.page.${of}`
}

function parse(text: string | null): KeptDraft | null {
  try {
    const read: unknown = JSON.parse(text ?? 'null')
    if (typeof read !== 'object' || read === null || !('text' in read) || !('base' in read)) return null
    const { text: kept, base } = read
    return typeof kept === 'string' && (typeof base === 'string' || base === null)
      ? { text: kept, base }
      : null
  } catch {
    return null
  }
}
