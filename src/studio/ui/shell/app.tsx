import { useEffect, useRef, useState } from 'preact/hooks'
import type { PublicationHead, Shelf } from '../../contract/issues.ts'
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
  const route = useRoute()
  const [lost, setLost] = useState(false)
  const shelf = useLoaded<Shelf>('/api/shelf', ({ what }) => shelfChanges.has(what), { every: 400 })
  useEffect(() => followChanges(setLost), [])
  useFocusOnHeading(placeOf(route))
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
        {shelf.value?.publication && <MailMode publication={shelf.value.publication} />}
        <Keys route={route} />
      </header>
      <main id="main" tabIndex={-1}>
        <Screen route={route} shelf={shelf.value} error={shelf.error} />
      </main>
      <p class="lost" role="status">
        {lost && 'The studio does not answer. Start it again with “onrecord preview”, and this page goes on.'}
      </p>
      <Toasts />
    </div>
  )
}

/** Whether mail reaches people, always in sight. */
function MailMode({ publication }: { readonly publication: PublicationHead }) {
  const { rehearsal, server } = publication
  return (
    <p class={rehearsal ? 'mail-mode' : 'mail-mode real'}>
      <strong>{rehearsal ? 'Rehearsal' : 'Real mail'}</strong>{' '}
      <span>{rehearsal ? 'mail goes to the outbox alone' : `goes out by ${server ?? 'a mail server'}`}</span>
    </p>
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
          <h1>There is no such page</h1>
          <p>
            The address may have been mistyped, or the issue renamed. <a href="/">All issues</a>
          </p>
        </div>
      )
  }
}

/** What the list of issues shows. */
const shelfChanges: ReadonlySet<string> = new Set(['shelf', 'issue', 'approval', 'sending'])

/** Where focus begins anew: the outbox is one place, in which messages are shown beside their list. */
function placeOf(route: Route): string {
  return route.screen === 'outbox' ? '/outbox' : href(route)
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
