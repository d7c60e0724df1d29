import { useRef } from 'preact/hooks'
import type { CutText, InboxRow } from '../../../contract/preview.ts'
import { useWidth } from './use-width.ts'

/** The mail in lists of mail, each as wide as that program makes it at first. */
export function Inbox({ rows }: { readonly rows: readonly InboxRow[] }) {
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  return (
    <div class="preview-inbox" ref={box}>
      <p class="soft">
        Cut by width, with the letters of Arial; a program’s own letters may show a few more or fewer.
      </p>
      {rows.map((row) => {
        const scale = room === null ? 1 : Math.min(1, room / row.width)
        return (
          <section key={row.client} aria-label={row.label}>
            <h3>
              {row.label}
              <span class="soft">
                {' '}
                · {row.width} px{scale < 1 && `, drawn at ${Math.round(scale * 100)} %`}
              </span>
            </h3>
            <div
              class={`preview-row ${row.client}`}
              dir="auto"
              style={{ width: `${row.width}px`, zoom: String(scale) }}
            >
              <i aria-hidden="true">{[...row.sender.shown][0]?.toUpperCase()}</i>
              <bdi class="preview-row-sender">{row.sender.shown}</bdi>
              <time>08:00</time>
              <span class="preview-row-line">
                <bdi class="preview-row-subject">{row.subject.shown}</bdi>
                {row.oneLine && row.preheader.letters > 0 && ' – '}
                {row.preheader.letters > 0 && <bdi class="preview-row-preheader">{row.preheader.shown}</bdi>}
              </span>
            </div>
            <p class="soft">
              {[
                cutOf('Sender', row.sender),
                cutOf('Subject', row.subject),
                cutOf('Preheader', row.preheader),
              ].join(' ')}
            </p>
          </section>
        )
      })}
    </div>
  )
}

function cutOf(name: string, { letters, of }: CutText): string {
  if (of === 0) return `${name}: there is none.`
  if (letters === of) return `${name}: all of it.`
  return letters === 0 ? `${name}: nothing of it.` : `${name}: ${letters} of ${of} letters.`
}
