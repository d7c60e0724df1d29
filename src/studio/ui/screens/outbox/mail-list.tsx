import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OutboxLine } from '../../../contract/outbox.ts'
import { Button } from '../../parts/button.tsx'
import { momentInWords, timeInWords } from '../../shell/day.ts'
import { href } from '../../shell/routes.ts'
import { numberOf, type ReadMarks } from './read-marks.ts'
import type { Mailbox } from './use-mailbox.ts'

export interface MailListProps {
  readonly list: RefObject<HTMLDivElement | null>
  readonly lines: readonly OutboxLine[]
  readonly marks: ReadMarks
  readonly mailbox: Pick<Mailbox, 'more' | 'loading' | 'searching' | 'loadMore'>
  /** The one that is shown beside it. */
  readonly open: string | null
  readonly timeZone: string
  /** Somebody has chosen one, by a key or not: whoever uses keys reads it next. */
  readonly onChoose: (name: string, byKey: boolean) => void
}

/** The list, in which what arrives moves nothing that is looked at. */
export function MailList({ list, lines, marks, mailbox, open, timeZone, onChoose }: MailListProps) {
  const { fresh, toTop, onScroll } = useKeptPlace(list, lines, open !== null)
  return (
    <div
      class={mailbox.searching ? 'outbox-list searching' : 'outbox-list'}
      aria-busy={mailbox.searching}
      ref={list}
      onScroll={onScroll}
    >
      {fresh > 0 && (
        <p class="outbox-fresh">
          <Button kind="primary" onClick={toTop}>
            {fresh} new, above
          </Button>
        </p>
      )}
      <ul>
        {lines.map((line) => (
          <MailLine
            key={line.name}
            {...{ line, timeZone, onChoose, isOpen: line.name === open, isRead: marks.isRead(line.name) }}
          />
        ))}
      </ul>
      {mailbox.more && (
        <p class="outbox-more">
          <Button disabled={mailbox.loading} onClick={mailbox.loadMore}>
            Show older ones
          </Button>
        </p>
      )}
    </div>
  )
}

function MailLine(props: {
  readonly line: OutboxLine
  readonly isOpen: boolean
  readonly isRead: boolean
  readonly timeZone: string
  readonly onChoose: MailListProps['onChoose']
}) {
  const { line, isOpen, isRead, timeZone, onChoose } = props
  const { name, from, to, subject, preheader, received, copies } = line
  return (
    <li class={isRead ? 'mail' : 'mail unread'}>
      <a
        data-row={name}
        href={href({ screen: 'outbox', message: name })}
        aria-current={isOpen ? 'true' : undefined}
        onClick={(event) => onChoose(name, event.detail === 0)}
      >
        <span class="mail-top">
          {!isRead && <span class="mail-dot" role="img" aria-label="Unread" />}
          <span class="mail-to">{to === '' ? '(nobody)' : to}</span>
          <time dateTime={new Date(received).toISOString()} title={momentInWords(received, timeZone)}>
            {timeInWords(received, timeZone)}
          </time>
        </span>
        <span class="mail-subject">
          {subject === '' ? '(no subject)' : subject}
          {copies > 1 && <span class="mail-copies"> ×{copies}</span>}
        </span>
        <span class="mail-words">
          <span class="visually-hidden">From </span>
          {nameOf(from)}
          {preheader !== '' && ` · ${preheader}`}
        </span>
      </a>
    </li>
  )
}

/** A sender as a list shows them: by name where there is one. */
function nameOf(from: string): string {
  const name = from.replace(/ <[^<>]*>$/, '')
  return name === '' ? '(nobody)' : name
}

/**
 * Keeps the rows where they are when others come before them, unless the top of the list is all that is
 * looked at; and counts what came unseen.
 */
function useKeptPlace(
  list: RefObject<HTMLDivElement | null>,
  lines: readonly OutboxLine[],
  isReading: boolean,
) {
  const anchor = useRef<{ readonly name: string; readonly top: number } | null>(null)
  const [seen, setSeen] = useState<number | null>(null)
  const newest = numberOf(lines[0]?.name ?? '')
  const note = (): void => {
    const box = list.current
    if (box === null) return
    const edge = box.getBoundingClientRect().top
    const rows = [...box.querySelectorAll<HTMLElement>('[data-row]')]
    const first = rows.find((row) => row.getBoundingClientRect().bottom > edge)
    anchor.current = first === undefined ? null : { name: first.dataset['row'] ?? '', top: topIn(box, first) }
    if (box.scrollTop < 8) setSeen(newest)
  }
  useLayoutEffect(() => {
    const box = list.current
    const before = anchor.current
    if (box !== null && before !== null) {
      const row = box.querySelector<HTMLElement>(`[data-row="${CSS.escape(before.name)}"]`)
      const holds = isReading || box.scrollTop >= 8 || box.contains(document.activeElement)
      const moved = row === null ? 0 : topIn(box, row) - before.top
      if (holds && moved !== 0) box.scrollTop += moved
    }
    note()
  }, [lines])
  return {
    fresh: seen === null ? 0 : lines.filter(({ name }) => numberOf(name) > seen).length,
    toTop: () => {
      list.current?.scrollTo({ top: 0 })
      list.current?.querySelector<HTMLElement>('[data-row]')?.focus({ preventScroll: true })
      setSeen(newest)
    },
    onScroll: note,
  }
}

/** How far a row is from the beginning of the list, to the fraction of a pixel. */
function topIn(box: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop
}
