import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Checkbox } from '../parts/field.tsx'
import { keyList } from './key-list.ts'
import { useRemembered } from './remembered.ts'
import { go, href, issueTabs, type Route } from './routes.ts'
import { takesText } from './typing.ts'

/** How long after `g` its second key counts, in milliseconds. */
const SECOND_KEY_MS = 1_500

const places: Readonly<Record<string, Route>> = {
  i: { screen: 'issues' },
  e: { screen: 'people', person: null },
  o: { screen: 'outbox', message: null },
}

/** Keys that lead from screen to screen, and the list of them. They can be switched off (WCAG 2.1.4). */
export function Keys({ route }: { readonly route: Route }) {
  const [open, setOpen] = useState(false)
  const [on, setOn] = useRemembered('keys', 'on', (text) => (text === 'on' || text === 'off' ? text : null))
  const latest = useRef({ route, on })
  latest.current = { route, on }
  useEffect(() => {
    // It counts also when the screen changes between the two keys.
    let after = 0
    const onKey = (event: KeyboardEvent): void => {
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        latest.current.on === 'off' ||
        takesText(event.target)
      )
        return
      if (event.key === '?') return setOpen(true)
      if (event.key === '/' && focusSearch()) return event.preventDefault()
      const second = Date.now() - after < SECOND_KEY_MS
      after = event.key === 'g' ? Date.now() : 0
      const to = second ? target(event.key, latest.current.route) : null
      if (to === null || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      go(href(to))
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <Button kind="quiet" label="Keys" onClick={() => setOpen(true)}>
        ?
      </Button>
      {open && (
        <Dialog title="Keys" wide onClose={() => setOpen(false)}>
          <Checkbox
            label="Use keys outside of text fields"
            checked={on === 'on'}
            onChange={(checked) => setOn(checked ? 'on' : 'off')}
          />
          <div class="key-lists">
            {keyList.map(({ where, lines }) => (
              <section key={where}>
                <h3>{where}</h3>
                <dl class="keys">
                  {lines.map(({ keys, does }) => (
                    <div key={does}>
                      <dt>
                        {keys.map((each) => (
                          <kbd key={each}>{each}</kbd>
                        ))}
                      </dt>
                      <dd>{does}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog>
      )}
    </>
  )
}

function target(key: string, route: Route): Route | null {
  if (Object.hasOwn(places, key)) return places[key] ?? null
  const tab = issueTabs.find((each) => each.key === key)
  if (tab === undefined || route.screen !== 'issue') return null
  return { screen: 'issue', issue: route.issue, tab: tab.id }
}

/** The search of the list that is shown; false: there is none. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]')
  if (field === null || document.querySelector('dialog[open]') !== null) return false
  field.focus()
  field.select()
  return true
}
