import { useEffect, useRef, useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { OutboxChecks, OutboxMessage } from '../../../contract/outbox.ts'
import { Button } from '../../parts/button.tsx'
import { MessagePane } from '../../parts/message/message-pane.tsx'
import { Notice } from '../../parts/notice.tsx'
import { say } from '../../parts/toast.tsx'
import { useAct } from '../../shell/act.ts'
import { apiPath, post } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { href } from '../../shell/routes.ts'
import { lettersAreOn, takesText } from '../../shell/typing.ts'

export interface OpenMessageProps {
  /** The file's. */
  readonly name: string
  readonly publication: PublicationHead | null
  /** It stands beside the list. */
  readonly wide: boolean
  /** Null: focus stays where it is; else it goes into the message, once for each of these that is given. */
  readonly enters: object | null
  /** Back to its row. */
  readonly onBack: () => void
  /** @param within whether the focus was in it */
  readonly onDeleted: (within: boolean) => void
  /** Null: it is unread. */
  readonly onUnread: (() => void) | null
}

/** One message, with what can be done with it. */
export function OpenMessage(props: OpenMessageProps) {
  const { name, publication, wide, enters, onBack, onDeleted, onUnread } = props
  const pane = useRef<HTMLDivElement>(null)
  const message = useLoaded<OutboxMessage>(apiPath(['outbox', name]))
  const [looks, setLooks] = useState(false)
  const checks = useLoaded<OutboxChecks>(looks ? apiPath(['outbox', name, 'checks']) : null)
  const { error, run } = useAct()
  const subject = message.value?.subject ?? null
  useEffect(() => {
    if (subject !== null) document.title = `${subject} · Outbox`
  }, [subject])
  useEffect(() => {
    // Beside its list, focus stays there until somebody goes into the message.
    if (subject === null || (wide && enters === null)) return
    pane.current?.querySelector<HTMLElement>('[data-message-name]')?.focus({ preventScroll: true })
  }, [subject === null, enters])
  const remove = (): Promise<boolean> =>
    run(async () => {
      const within = pane.current?.contains(document.activeElement) === true
      await post(apiPath(['outbox', name, 'delete']), {})
      say('The message is deleted.')
      onDeleted(within)
    })
  /** Keys are of this message within it, on its own row, and where focus is nowhere; on another row they are of that. */
  const isMeant = (target: EventTarget | null): boolean =>
    target === document.body ||
    (target instanceof HTMLElement &&
      (pane.current?.contains(target) === true ||
        target.closest<HTMLElement>('[data-row]')?.dataset['row'] === name))
  const keys = useRef<(event: KeyboardEvent) => void>(() => undefined)
  keys.current = ({ key, repeat, target, ctrlKey, metaKey, altKey, defaultPrevented }) => {
    if (repeat || ctrlKey || metaKey || altKey || defaultPrevented || takesText(target)) return
    if (message.value === null || document.querySelector('dialog[open]') !== null || !isMeant(target)) return
    if (key === 'Delete') void remove()
    else if (key === 'u' && lettersAreOn()) onUnread?.()
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => keys.current(event)
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  return (
    <div class="outbox-message" ref={pane} onKeyDown={(event) => event.key === 'Escape' && onBack()}>
      {!wide && (
        <p>
          <a href={href({ screen: 'outbox', message: null })}>All messages</a>
        </p>
      )}
      {message.error !== null && <Notice tone="error">{message.error}</Notice>}
      {error !== null && <Notice tone="error">{error}</Notice>}
      {message.value === null && message.error === null && <p class="loading">Loading …</p>}
      {message.value !== null && (
        <MessagePane
          {...{ message: message.value, checks: checks.value, publication }}
          level={wide ? 'h2' : 'h1'}
          onChecks={() => setLooks(true)}
          attachments={apiPath(['outbox', name, 'attachments'])}
          source={apiPath(['outbox', name, 'source'])}
          actions={
            <>
              {onUnread !== null && <Button onClick={onUnread}>Mark unread</Button>}
              <Button onClick={() => void remove()}>Delete</Button>
            </>
          }
        />
      )}
    </div>
  )
}
