import { useEffect, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Checkbox } from '../parts/field.tsx'
import { go, href, issueTabs, type Route } from './routes.ts'
import { useRemembered } from './remembered.ts'

/** How long after `g` its second key counts, in milliseconds. */
const SECOND_KEY_MS = 1_500

const places = [
  { key: 'i', label: 'Issues', route: { screen: 'issues' } },
  { key: 'e', label: 'People', route: { screen: 'people', person: null } },
  { key: 'o', label: 'Outbox', route: { screen: 'outbox', message: null } },
] as const satisfies readonly { readonly key: string; readonly label: string; readonly route: Route }[]

/** Keys that lead from screen to screen, and the list of them. They can be switched off (WCAG 2.1.4). */
export function Keys({ route }: { readonly route: Route }) {
  const [open, setOpen] = useState(false)
  const [on, setOn] = useRemembered('keys', 'on', (text) => (text === 'on' || text === 'off' ? text : null))
  useEffect(() => {
    let after = 0
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || on === 'off' || takesText(event.target)) return
      if (event.key === '?') return setOpen(true)
      const second = Date.now() - after < SECOND_KEY_MS
      after = event.key === 'g' ? Date.now() : 0
      const to = second ? target(event.key, route) : null
      if (to === null || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      go(href(to))
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [route, on])
  return (
    <>
      <Button kind="quiet" label="Keys" onClick={() => setOpen(true)}>
        ?
      </Button>
      {open && (
        <Dialog title="Keys" onClose={() => setOpen(false)}>
          <dl class="keys">
            {places.map(({ key, label }) => (
              <KeyLine key={key} keys={['g', key]} label={label} />
            ))}
            {issueTabs.map(({ key, label }) => (
              <KeyLine key={key} keys={['g', key]} label={`${label}, of the open issue`} />
            ))}
            <KeyLine keys={['?']} label="This list" />
            <KeyLine keys={['Esc', 'Tab']} label="Out of the editor" />
          </dl>
          <Checkbox
            label="Use keys outside of text fields"
            checked={on === 'on'}
            onChange={(checked) => setOn(checked ? 'on' : 'off')}
          />
        </Dialog>
      )}
    </>
  )
}

function KeyLine({ keys, label }: { readonly keys: readonly string[]; readonly label: string }) {
  return (
    <div>
      <dt>
        {keys.map((each) => (
          <kbd key={each}>{each}</kbd>
        ))}
      </dt>
      <dd>{label}</dd>
    </div>
  )
}

function target(key: string, route: Route): Route | null {
  const place = places.find((each) => each.key === key)
  if (place !== undefined) return place.route
  const tab = issueTabs.find((each) => each.key === key)
  if (tab === undefined || route.screen !== 'issue') return null
  return { screen: 'issue', issue: route.issue, tab: tab.id }
}

function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  )
}
