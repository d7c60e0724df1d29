import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { MessageFact, OutboxChecks, OutboxMessage } from '../../../contract/outbox.ts'
import { momentInWords } from '../../shell/day.ts'
import { Frame } from '../frame.tsx'
import { Badge } from '../notice.tsx'
import { Choice, Tabs } from '../tabs.tsx'
import { ChecksTab, tones } from './checks-tab.tsx'
import { LinkedText } from './linked-text.tsx'
import './message.css'
import { sizeInWords } from '../../shell/size.ts'

export interface MessagePaneProps {
  readonly message: OutboxMessage
  /** Null: not known yet. */
  readonly checks: OutboxChecks | null
  /** Asks for `checks`, which take a moment, when they are first looked at. */
  readonly onChecks: () => void
  readonly publication: PublicationHead | null
  /** Under this address its attachments are; null: they cannot be had. */
  readonly attachments: string | null
  /** Under this address its source is a file; null: it is shown alone. */
  readonly source: string | null
  /** Beside its name: what can be done with it. */
  readonly actions?: ComponentChildren
  /** The heading's level, by the place it stands in. */
  readonly level?: 'h1' | 'h2' | 'h3'
}

const widths = [
  { value: 'full', label: 'Full' },
  { value: '600', label: '600 px' },
  { value: '375', label: 'Phone' },
] as const

const schemes = [
  { value: 'auto', label: 'As here' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

/** A message as a mail program shows it, and what a mail program hides of it. */
export function MessagePane(props: MessagePaneProps) {
  const { message, checks, onChecks, publication, attachments, source, actions, level: Name = 'h2' } = props
  const { subject, from, to, frame, text, facts, bytes } = message
  const [chosen, setTab] = useState('mail')
  const tab = chosen === 'mail' && frame === null ? 'text' : chosen
  const [width, setWidth] = useState<(typeof widths)[number]['value']>('full')
  const [scheme, setScheme] = useState<(typeof schemes)[number]['value']>('auto')
  const tabs = [
    ...(frame === null ? [] : [{ id: 'mail', label: 'Mail' }]),
    { id: 'text', label: 'Text' },
    { id: 'headers', label: 'Headers' },
    { id: 'source', label: 'Source' },
    { id: 'checks', label: 'Links and checks' },
  ]
  const choose = (id: string): void => {
    setTab(id)
    if (id === 'checks') onChecks()
  }
  return (
    <article class="message">
      <div class="message-head">
        <div class="message-name">
          <Name tabIndex={-1} data-message-name>
            {subject === '' ? '(no subject)' : subject}
          </Name>
          {actions !== undefined && <div class="actions">{actions}</div>}
        </div>
        <dl class="message-fields">
          <dt>From</dt>
          <dd>{from === '' ? '(nobody)' : from}</dd>
          <dt>To</dt>
          <dd>{to === '' ? '(nobody)' : to}</dd>
          <dt>Date</dt>
          <dd>
            {momentInWords(message.date ?? message.received, publication?.timeZone ?? 'UTC')}
            <span class="soft"> · {sizeInWords(bytes)}</span>
          </dd>
        </dl>
        <Facts facts={facts} />
        {message.attachments.length > 0 && <Attachments lines={message.attachments} under={attachments} />}
      </div>
      <Tabs label="What is shown of the message" tabs={tabs} chosen={tab} onChoose={choose}>
        {tab === 'mail' && frame !== null && (
          <div class="message-mail">
            <div class="toolbar">
              <Choice label="Width" options={widths} chosen={width} onChoose={setWidth} />
              <Choice label="Colours" options={schemes} chosen={scheme} onChoose={setScheme} />
            </div>
            <Frame
              title={`The message “${subject}”`}
              src={`${frame}?scheme=${scheme}`}
              {...(width === 'full' ? {} : { width: Number(width) })}
            />
          </div>
        )}
        {tab === 'text' && <LinkedText text={text} publication={publication} />}
        {tab === 'headers' && (
          <dl class="message-headers">
            {message.headers.map(({ name, value, explanation }, index) => (
              // A field may stand there more than once.
              <div key={`${index} ${name}`}>
                <dt>{name}</dt>
                <dd>
                  <code>{value}</code>
                  <p class="help">{explanation}</p>
                </dd>
              </div>
            ))}
          </dl>
        )}
        {tab === 'source' && (
          <>
            {source !== null && (
              <p>
                <a href={source} download>
                  Keep it as a file
                </a>
              </p>
            )}
            <pre class="plain message-source">{message.source}</pre>
            {message.source.length < bytes && message.bytes > 2 * 1024 * 1024 && (
              <p class="soft">Only the first 2 MB are shown; the file has all of it.</p>
            )}
          </>
        )}
        {tab === 'checks' && <ChecksTab facts={facts} checks={checks} publication={publication} />}
      </Tabs>
    </article>
  )
}

const short: Readonly<Record<MessageFact['about'], string>> = {
  signature: 'Signature',
  unsubscribe: 'Unsubscribe',
  parts: 'HTML and text',
  sender: 'Sender',
  date: 'Date',
  size: 'Size',
}

/** Each fact by a word; its sentence below where it is not as it should be. */
function Facts({ facts }: { readonly facts: readonly MessageFact[] }) {
  return (
    <ul class="message-facts" aria-label="What can be told of it">
      {facts.map(({ about, state, sentence }) => (
        <li key={about} title={sentence}>
          <Badge tone={tones[state]}>
            <span aria-hidden="true">{{ good: '✓', unusual: '!', missing: '–', rehearsal: '–' }[state]}</span>{' '}
            {short[about]}
            <span class="visually-hidden">: {sentence}</span>
          </Badge>
        </li>
      ))}
    </ul>
  )
}

function Attachments({
  lines,
  under,
}: {
  readonly lines: OutboxMessage['attachments']
  readonly under: string | null
}) {
  return (
    <ul class="message-attachments" aria-label="Attachments">
      {lines.map(({ index, name, mediaType, bytes }) => {
        const shown = name === '' ? `Attachment ${index + 1}` : name
        return (
          <li key={index}>
            {under === null ? (
              shown
            ) : (
              <a href={`${under}/${index}`} download>
                {shown}
              </a>
            )}{' '}
            <span class="soft">
              {mediaType}, {sizeInWords(bytes)}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
