import { useEffect, useState } from 'preact/hooks'
import type { IssueScreen } from '../../contract/issues.ts'

/** Where one is in the app. `src/studio/page.ts` knows the same addresses. */
export type Route =
  | { readonly screen: 'issues' }
  | { readonly screen: 'people'; readonly person: string | null }
  | { readonly screen: 'outbox'; readonly message: string | null }
  | { readonly screen: 'issue'; readonly issue: string; readonly tab: IssueScreen }
  | { readonly screen: 'nowhere' }

/** The screens of an issue, in the order of the work. */
export const issueTabs: readonly {
  readonly id: IssueScreen
  readonly label: string
  readonly key: string
}[] = [
  { id: 'draft', label: 'Draft', key: 'd' },
  { id: 'check', label: 'Check', key: 'c' },
  { id: 'preview', label: 'Preview', key: 'p' },
  { id: 'compare', label: 'Compare', key: 'm' },
  { id: 'approve', label: 'Approve', key: 'a' },
  { id: 'send', label: 'Send', key: 's' },
]

/** Told when the place is another one. */
const changed = new Set<() => void>()

export function routeOf(pathname: string): Route {
  const [first = '', second = '', third = '', ...more] = pathname.slice(1).split('/').map(decode)
  if (more.length > 0) return { screen: 'nowhere' }
  if (first === '') return { screen: 'issues' }
  if (first === 'issue' && second !== '') {
    const tab = issueTabs.find(({ id }) => id === (third === '' ? 'draft' : third))
    return tab === undefined ? { screen: 'nowhere' } : { screen: 'issue', issue: second, tab: tab.id }
  }
  if (third !== '') return { screen: 'nowhere' }
  if (first === 'people') return { screen: 'people', person: second === '' ? null : second }
  if (first === 'outbox') return { screen: 'outbox', message: second === '' ? null : second }
  return { screen: 'nowhere' }
}

/** The address of a place, for a link. */
export function href(route: Route): string {
  switch (route.screen) {
    case 'issues':
    case 'nowhere':
      return '/'
    case 'people':
      return route.person === null ? '/people' : `/people/${encodeURIComponent(route.person)}`
    case 'outbox':
      return route.message === null ? '/outbox' : `/outbox/${encodeURIComponent(route.message)}`
    case 'issue':
      return `/issue/${encodeURIComponent(route.issue)}/${route.tab}`
  }
}

/** Goes there without loading the page anew; `replaces`: the way back does not lead here any more. */
export function go(address: string, { replaces = false }: { readonly replaces?: boolean } = {}): void {
  if (address === location.pathname + location.search) return
  if (replaces) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  for (const each of changed) each()
}

export function useRoute(): Route {
  const [path, setPath] = useState(location.pathname)
  useEffect(() => {
    const update = (): void => setPath(location.pathname)
    changed.add(update)
    addEventListener('popstate', update)
    return () => {
      changed.delete(update)
      removeEventListener('popstate', update)
    }
  }, [])
  return routeOf(path)
}

/** Whether a click on a link is to open it here; with a key held down it opens a tab, a window or a file. */
export function isPlainClick({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey
}

/** Links are real links; a plain click on one that leads to a screen stays in the page. */
export function onLinkClick(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (
    !isPlainClick(event) ||
    event.defaultPrevented ||
    link === null ||
    link.target !== '' ||
    link.hasAttribute('download')
  )
    return
  if (link.origin !== location.origin || link.hash !== '' || routeOf(link.pathname).screen === 'nowhere')
    return
  event.preventDefault()
  go(link.pathname + link.search)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
