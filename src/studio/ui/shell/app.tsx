import { useEffect, useRef, useState } from 'preact/hooks'
import type { Shelf } from '../../contract/issues.ts'
import { EmptyState } from '../parts/notice.tsx'
import { Toasts } from '../parts/toast.tsx'
import { IssuesScreen } from '../screens/issues/issues-screen.tsx'
import { followChanges, useLoaded } from './changes.ts'
import { IssueFrame } from './issue-frame.tsx'
import { Keys } from './keys.tsx'
import { lazy } from './lazy.tsx'
import { href, onLinkClick, useRoute, type Route } from './routes.ts'

const PeopleScreen = lazy(async () => (await import('../screens/people/people-screen.tsx')).PeopleScreen)
const OutboxScreen = lazy(async () => (await import('../screens/outbox/outbox-screen.tsx')).OutboxScreen)

/** The frame of the app around whichever screen the address names. */
export function App() {
  const { route, path } = useRoute()
  const [lost, setLost] = useState(false)
  const shelf = useLoaded<Shelf>('/api/shelf', ({ what }) => what === 'shelf' || what === 'issue')
  useEffect(() => followChanges(setLost), [])
  useFocusOnHeading(path)
  const name = shelf.value?.publication?.name ?? 'Onrecord'
  return (
    <div class="app" onClick={onLinkClick}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="/">
          {name}
        </a>
        <nav aria-label="Studio">
          <TopLink
            to={{ screen: 'issues' }}
            label="Issues"
            here={route.screen === 'issues' || route.screen === 'issue'}
          />
          <TopLink to={{ screen: 'people', person: null }} label="People" here={route.screen === 'people'} />
          <TopLink to={{ screen: 'outbox', message: null }} label="Outbox" here={route.screen === 'outbox'} />
        </nav>
        <p class="lost" role="status">
          {lost && 'The studio is not running. Start it again and this page goes on.'}
        </p>
        <Keys route={route} />
      </header>
      <main id="main" tabIndex={-1}>
        <Screen route={route} shelf={shelf.value} error={shelf.error} />
      </main>
      <Toasts />
    </div>
  )
}

function TopLink({
  to,
  label,
  here,
}: {
  readonly to: Route
  readonly label: string
  readonly here: boolean
}) {
  return (
    <a href={href(to)} data-label={label} aria-current={here ? 'page' : undefined}>
      {label}
    </a>
  )
}

function Screen({
  route,
  shelf,
  error,
}: {
  readonly route: Route
  readonly shelf: Shelf | null
  readonly error: string | null
}) {
  switch (route.screen) {
    case 'issues':
      return <IssuesScreen shelf={shelf} error={error} />
    case 'people':
      return <PeopleScreen person={route.person} shelf={shelf} />
    case 'outbox':
      return <OutboxScreen message={route.message} shelf={shelf} />
    case 'issue':
      return <IssueFrame key={route.issue} issue={route.issue} tab={route.tab} shelf={shelf} />
    case 'nowhere':
      return (
        <div class="page">
          <EmptyState title="There is no such page">
            <p>
              <a href="/">All issues</a>
            </p>
          </EmptyState>
        </div>
      )
  }
}

/** After a way within the app, focus and the screen reader go to the new screen’s heading. */
function useFocusOnHeading(path: string): void {
  const first = useRef(true)
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    scrollTo(0, 0)
    document.getElementById('main')?.scrollTo(0, 0)
    const focus = (): boolean => {
      const heading = document.querySelector<HTMLElement>('main h1')
      heading?.setAttribute('tabindex', '-1')
      heading?.focus({ preventScroll: true })
      return heading !== null
    }
    if (focus()) return
    // A screen that is still being loaded has no heading yet.
    const observer = new MutationObserver(() => focus() && observer.disconnect())
    observer.observe(document.body, { childList: true, subtree: true })
    return () => observer.disconnect()
  }, [path])
}
