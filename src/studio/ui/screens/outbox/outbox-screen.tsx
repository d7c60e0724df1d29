import { useEffect } from 'preact/hooks'
import type { Shelf } from '../../../contract/issues.ts'
import type { MessageSummary, OutboxMessage, OutboxPage } from '../../../contract/outbox.ts'
import { Frame } from '../../parts/frame.tsx'
import { EmptyState, Notice } from '../../parts/notice.tsx'
import { Table } from '../../parts/table.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { momentInWords } from '../../shell/day.ts'
import { href } from '../../shell/routes.ts'

/** The built-in mailbox; with a name, one message of it. */
export function OutboxScreen({
  message,
  shelf,
}: {
  readonly message: string | null
  readonly shelf: Shelf | null
}) {
  useEffect(() => {
    document.title = 'Outbox'
  }, [])
  const timeZone = shelf?.publication?.timeZone ?? 'UTC'
  return message === null ? <Mailbox timeZone={timeZone} /> : <Message name={message} />
}

function Mailbox({ timeZone }: { readonly timeZone: string }) {
  const page = useLoaded<OutboxPage>('/api/outbox', ({ what }) => what === 'outbox')
  return (
    <div class="page">
      <h1>Outbox</h1>
      {page.error !== null && <Notice tone="error">{page.error}</Notice>}
      {page.value !== null && page.value.total === 0 && (
        <EmptyState title="No mail yet">What is sent without an SMTP server arrives here.</EmptyState>
      )}
      {page.value !== null && page.value.total > 0 && (
        <>
          <p class="soft">
            {page.value.total} messages
            {page.value.repeated > 0 && `, ${page.value.repeated} more than once`}
          </p>
          <Table<MessageSummary>
            caption="Messages, newest first"
            rows={page.value.messages}
            rowKey={({ name }) => name}
            columns={[
              {
                head: 'Subject',
                names: true,
                cell: ({ name, subject, copies }) => (
                  <>
                    <a href={href({ screen: 'outbox', message: name })}>
                      {subject === '' ? '(no subject)' : subject}
                    </a>
                    {copies > 1 && ` ×${copies}`}
                  </>
                ),
              },
              { head: 'To', cell: ({ to }) => to },
              { head: 'Received', cell: ({ received }) => momentInWords(received, timeZone) },
            ]}
          />
        </>
      )}
    </div>
  )
}

function Message({ name }: { readonly name: string }) {
  const message = useLoaded<OutboxMessage>(apiPath(['outbox', name]))
  if (message.error !== null) return <Notice tone="error">{message.error}</Notice>
  if (message.value === null) return <p class="loading">Loading …</p>
  const { subject, from, to, frame, text } = message.value
  return (
    <div class="page">
      <p>
        <a href={href({ screen: 'outbox', message: null })}>Outbox</a>
      </p>
      <h1>{subject}</h1>
      <p class="soft">
        {from} to {to}
      </p>
      {frame === null ? <pre class="plain">{text}</pre> : <Frame title="The message" src={frame} />}
    </div>
  )
}
