import { useEffect, useRef, useState } from 'preact/hooks'
import type { Shelf } from '../../../contract/issues.ts'
import type { Emptied, EmptyRequest } from '../../../contract/outbox.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Checkbox, Field } from '../../parts/field.tsx'
import { useListKeys } from '../../parts/list-keys.ts'
import { EmptyState, Notice } from '../../parts/notice.tsx'
import { say } from '../../parts/toast.tsx'
import { useAct } from '../../shell/act.ts'
import { apiPath, post } from '../../shell/api.ts'
import { useMedia } from '../../shell/media.ts'
import { go, href } from '../../shell/routes.ts'
import { MailList } from './mail-list.tsx'
import { OpenMessage } from './open-message.tsx'
import { useReadMarks } from './read-marks.ts'
import { useMailbox } from './use-mailbox.ts'
import './outbox.css'

/** From this width on, list and message stand side by side. */
const WIDE = '(min-width: 62rem)'

/** How long somebody rests on a row, by keys, before it is opened; in milliseconds. */
const REST_MS = 90

/** The built-in mailbox, as a mail program shows it; with a name, one message of it. */
export function OutboxScreen({
  message,
  shelf,
}: {
  readonly message: string | null
  readonly shelf: Shelf | null
}) {
  const wide = useMedia(WIDE)
  const marks = useReadMarks()
  const [text, setText] = useState('')
  const [inText, setInText] = useState(false)
  const mailbox = useMailbox(text, inText)
  const list = useRef<HTMLDivElement>(null)
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** The message that focus was led into last: another each time. */
  const [entered, setEntered] = useState<{ readonly name: string } | null>(null)
  const publication = shelf?.publication ?? null
  useEffect(() => {
    if (message === null) document.title = 'Outbox'
    else marks.mark(message)
  }, [message])
  const show = (name: string, replaces: boolean): void =>
    go(href({ screen: 'outbox', message: name }), { replaces })
  useListKeys(list, {
    onMove(row) {
      const name = row.dataset['row'] ?? ''
      clearTimeout(rest.current)
      setEntered(null)
      // Whoever holds an arrow down reads none of those that pass.
      if (wide && name !== '') rest.current = setTimeout(() => show(name, message !== null), REST_MS)
    },
    onEnd: () => mailbox.loadMore(),
  })
  useEffect(() => () => clearTimeout(rest.current), [])
  const toRow = (which: string): boolean => {
    setEntered(null)
    const row = list.current?.querySelector<HTMLElement>(which)
    row?.focus({ preventScroll: true })
    return row !== null && row !== undefined
  }
  const back = (): void => {
    if (!toRow('[aria-current]')) go(href({ screen: 'outbox', message: null }))
  }
  const { lines, error, total } = mailbox
  const isEmpty = lines !== null && total === 0
  const newest = lines?.[0]?.name ?? null
  const next = neighbour(lines?.map(({ name }) => name) ?? [], message)
  /** Whoever deletes goes on where they were: in the message, or on its row. */
  const onDeleted = (within: boolean): void => {
    if (next === null) return go(href({ screen: 'outbox', message: null }))
    show(next, true)
    if (within) setEntered({ name: next })
    else toRow(`[data-row="${CSS.escape(next)}"]`)
  }
  return (
    <div class={wide ? 'outbox wide' : 'outbox'}>
      {(wide || message === null) && (
        <section class="outbox-side" aria-label="Messages">
          <OutboxHead {...{ text, setText, inText, setInText, mailbox }} onEmptied={back}>
            {newest !== null && lines?.some(({ name }) => !marks.isRead(name)) === true && (
              <Button kind="quiet" onClick={() => marks.markAll(newest)}>
                Mark all read
              </Button>
            )}
          </OutboxHead>
          {error !== null && <Notice tone="error">{error}</Notice>}
          {lines === null && error === null && <p class="loading">Loading …</p>}
          {isEmpty && <NoMail rehearsal={publication?.rehearsal ?? true} />}
          {lines !== null && !isEmpty && lines.length === 0 && mailbox.searching && (
            <p class="loading">Searching …</p>
          )}
          {lines !== null && !isEmpty && lines.length === 0 && !mailbox.searching && (
            <EmptyState title="No message matches">
              <Button onClick={() => setText('')}>Show all</Button>
            </EmptyState>
          )}
          {lines !== null && lines.length > 0 && (
            <MailList
              {...{ list, lines, marks, mailbox, open: message }}
              timeZone={publication?.timeZone ?? 'UTC'}
              onChoose={(name, byKey) => setEntered(byKey ? { name } : null)}
            />
          )}
        </section>
      )}
      {(wide || message !== null) && (
        <section class="outbox-pane" aria-label="The open message">
          {message === null ? (
            !isEmpty && <p class="outbox-none soft">Choose a message: arrows, or j and k.</p>
          ) : (
            <OpenMessage
              key={message}
              {...{ name: message, publication, wide, onDeleted, onBack: back }}
              enters={entered?.name === message ? entered : null}
              onUnread={marks.isRead(message) ? () => marks.unmark(message) : null}
            />
          )}
        </section>
      )}
    </div>
  )
}

/** Name, search, and what concerns all of it. */
function OutboxHead(props: {
  readonly text: string
  readonly setText: (text: string) => void
  readonly inText: boolean
  readonly setInText: (inText: boolean) => void
  readonly mailbox: ReturnType<typeof useMailbox>
  readonly onEmptied: () => void
  readonly children: preact.ComponentChildren
}) {
  const { text, setText, inText, setInText, mailbox, onEmptied, children } = props
  const { total, matching, repeated, lines, textsRead } = mailbox
  const [asks, setAsks] = useState(false)
  const newest = lines?.[0]?.name ?? null
  const words = [
    `${matching === null ? '' : `${matching.atLeast ? 'at least ' : ''}${matching.count.toLocaleString('en')} of `}${total.toLocaleString('en')} ${total === 1 ? 'message' : 'messages'}`,
    ...(matching === null && repeated > 0 ? [`${repeated.toLocaleString('en')} came more than once`] : []),
    ...(textsRead !== null && total > textsRead
      ? [`texts of the newest ${textsRead.toLocaleString('en')}`]
      : []),
  ]
  return (
    <div class="outbox-head">
      <div class="outbox-title">
        <h1>Outbox</h1>
        <div class="actions">
          {children}
          {total > 0 && text === '' && newest !== null && (
            <Button kind="quiet" onClick={() => setAsks(true)}>
              Delete all …
            </Button>
          )}
        </div>
      </div>
      <Field
        label="Search the outbox"
        quiet
        type="search"
        value={text}
        onInput={setText}
        placeholder="Search sender, recipient, subject"
      />
      <div class="outbox-count">
        <Checkbox label="in the text too" checked={inText} onChange={setInText} />
        <p class="soft" role="status">
          {lines === null ? '' : mailbox.searching ? 'Searching …' : words.join(', ')}
        </p>
      </div>
      {asks && newest !== null && (
        <EmptyDialog {...{ total, until: newest, onClose: () => setAsks(false), onEmptied }} />
      )}
    </div>
  )
}

function EmptyDialog(props: {
  readonly total: number
  readonly until: string
  readonly onClose: () => void
  readonly onEmptied: () => void
}) {
  const { total, until, onClose, onEmptied } = props
  const { busy, error, run } = useAct()
  const empty = (): Promise<boolean> =>
    run(async () => {
      const body: EmptyRequest = { until }
      const { deleted } = await post<Emptied>(apiPath(['outbox', 'empty']), body)
      onClose()
      say(`${deleted.toLocaleString('en')} ${deleted === 1 ? 'message is' : 'messages are'} deleted.`)
      onEmptied()
    })
  return (
    <Dialog
      title="Delete all messages"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep them</Button>
          <Button kind="danger" disabled={busy} onClick={() => void empty()}>
            Delete {total.toLocaleString('en')}
          </Button>
        </>
      }
    >
      <p>The files are deleted from this machine for good. What arrives meanwhile stays.</p>
      {error !== null && <Notice tone="error">{error}</Notice>}
    </Dialog>
  )
}

function NoMail({ rehearsal }: { readonly rehearsal: boolean }) {
  return (
    <EmptyState title="No mail yet">
      <p>
        {rehearsal
          ? 'No mail server is set, so that whatever is sent arrives here and reaches nobody: tests, issues, and the letters of the site.'
          : 'Mail goes out by a real server now. What is sent without one arrives here.'}
      </p>
    </EmptyState>
  )
}

/** The message that is shown once `name` is deleted: the older one, else the newer one. */
function neighbour(names: readonly string[], name: string | null): string | null {
  const at = name === null ? -1 : names.indexOf(name)
  return at === -1 ? null : (names[at + 1] ?? names[at - 1] ?? null)
}
