import { useEffect, useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { OutboxChecks, OutboxMessage } from '../../../contract/outbox.ts'
import { Button } from '../../parts/button.tsx'
import { MessagePane } from '../../parts/message/message-pane.tsx'
import { Notice } from '../../parts/notice.tsx'
import { say } from '../../parts/toast.tsx'
import { apiPath, post, sentenceOf } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { href } from '../../shell/routes.ts'

export interface OpenMessageProps {
  /** The file's. */
  readonly name: string
  readonly publication: PublicationHead | null
  /** It stands beside the list. */
  readonly wide: boolean
  /** Back to its row. */
  readonly onBack: () => void
  readonly onDeleted: () => void
}

/** One message, with what can be done with it. */
export function OpenMessage({ name, publication, wide, onBack, onDeleted }: OpenMessageProps) {
  const message = useLoaded<OutboxMessage>(apiPath(['outbox', name]))
  const [looks, setLooks] = useState(false)
  const checks = useLoaded<OutboxChecks>(looks ? apiPath(['outbox', name, 'checks']) : null)
  const [error, setError] = useState<string | null>(null)
  const subject = message.value?.subject ?? null
  useEffect(() => {
    if (subject !== null) document.title = `${subject} · Outbox`
  }, [subject])
  useEffect(() => {
    // Beside its list, focus is where it was.
    if (wide || subject === null) return
    document.querySelector<HTMLElement>('[data-message-name]')?.focus({ preventScroll: true })
  }, [subject === null])
  const remove = async (): Promise<void> => {
    try {
      await post(apiPath(['outbox', name, 'delete']), {})
      say('The message is deleted.')
      onDeleted()
    } catch (reason) {
      setError(sentenceOf(reason))
    }
  }
  return (
    <div class="outbox-message" data-shows={name} onKeyDown={(event) => event.key === 'Escape' && onBack()}>
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
          actions={<Button onClick={() => void remove()}>Delete</Button>}
        />
      )}
    </div>
  )
}
