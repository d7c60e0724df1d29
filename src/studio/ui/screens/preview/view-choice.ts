import { useEffect, useState } from 'preact/hooks'

/** What of an issue is shown, and how; all of it stands in the address, so that a view can be kept and shared. */
export interface ViewChoice {
  readonly show: 'mail' | 'web' | 'inbox' | 'text' | 'order' | 'source'
  readonly tier: 'public' | 'subscriber' | 'member'
  /** A `Persona.id`. */
  readonly reader: string
  /** Of the reader's window, in CSS pixels. */
  readonly width: number
  readonly colours: 'light' | 'dark' | 'forced'
  readonly images: 'on' | 'off'
  readonly text: '100' | '200'
  /** Null: the issue's own. */
  readonly look: string | null
  /** Another look beside it, or null. */
  readonly against: string | null
}

export const narrowest = 280
export const widest = 1_600

export const usualChoice: ViewChoice = {
  show: 'mail',
  tier: 'subscriber',
  reader: 'sample',
  width: 600,
  colours: 'light',
  images: 'on',
  text: '100',
  look: null,
  against: null,
}

/** Names of folders, and nothing else. */
const isName = (text: string): boolean => /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,60}$/.test(text)

/** The choice that an address says; what it does not say, or says wrongly, is as usual. */
export function readChoice(search: string): ViewChoice {
  const query = new URLSearchParams(search)
  const one = <Value extends string>(
    key: keyof ViewChoice,
    known: readonly Value[],
    otherwise: Value,
  ): Value => known.find((each) => each === query.get(key)) ?? otherwise
  const name = (key: 'look' | 'against'): string | null => {
    const text = query.get(key) ?? ''
    return isName(text) ? text : null
  }
  const reader = query.get('reader') ?? ''
  return {
    show: one('show', ['mail', 'web', 'inbox', 'text', 'order', 'source'], usualChoice.show),
    tier: one('tier', ['public', 'subscriber', 'member'], usualChoice.tier),
    reader: /^[a-z0-9:]{1,40}$/.test(reader) ? reader : usualChoice.reader,
    width: query.has('width') ? widthWithin(Number(query.get('width'))) : usualChoice.width,
    colours: one('colours', ['light', 'dark', 'forced'], usualChoice.colours),
    images: one('images', ['on', 'off'], usualChoice.images),
    text: one('text', ['100', '200'], usualChoice.text),
    look: name('look'),
    against: name('against'),
  }
}

/** `search` with the choice in it: only what is not as usual, and whatever else stands there. */
export function writeChoice(choice: ViewChoice, search: string): string {
  const query = new URLSearchParams(search)
  for (const [key, value] of Object.entries(choice)) {
    query.delete(key)
    if (value !== null && value !== usualChoice[key as keyof ViewChoice]) query.append(key, String(value))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

export function widthWithin(width: number): number {
  return Number.isFinite(width) ? Math.min(widest, Math.max(narrowest, Math.round(width))) : usualChoice.width
}

/** What was looked at last in this page, for when the screen is opened again by an address that says nothing. */
let last = ''

export function useViewChoice(): readonly [ViewChoice, (change: Partial<ViewChoice>) => void] {
  const [choice, setChoice] = useState<ViewChoice>(() => {
    const said = writeChoice(readChoice(location.search), '')
    return readChoice(said === '' ? last : said)
  })
  useEffect(() => {
    const search = writeChoice(choice, location.search)
    last = writeChoice(choice, '')
    if (search !== location.search)
      history.replaceState(history.state, '', location.pathname + search + location.hash)
  }, [choice])
  useEffect(() => {
    const back = (): void => setChoice(readChoice(location.search))
    addEventListener('popstate', back)
    return () => removeEventListener('popstate', back)
  }, [])
  return [choice, (change) => setChoice((before) => ({ ...before, ...change }))]
}
