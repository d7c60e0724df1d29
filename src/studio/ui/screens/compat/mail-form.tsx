import type { MailInspection, ShownRemark } from '../../../contract/compat.ts'
import { OutsideLink } from '../../parts/outside-link.tsx'
import { dayInWords } from '../../shell/day.ts'
import { PlaceLinks } from './place-links.tsx'
import { sizeInWords } from '../../shell/size.ts'

const abouts: Readonly<Record<ShownRemark['about'], string>> = {
  programs: 'In mail programs',
  contrast: 'Contrast',
  size: 'Size',
  header: 'Header',
  form: 'Structure',
}

const severities = {
  breaks: { word: 'Breaks', sign: '✕' },
  'looks-different': { word: 'Looks different', sign: '≈' },
} as const

/** What a reader would notice of the mail: by mail program, by contrast, by size, by header and by structure. */
export function MailForm({ issue, mail }: { readonly issue: string; readonly mail: MailInspection }) {
  const groups = Map.groupBy(mail.remarks, ({ about }) => about)
  const breaking = mail.remarks.filter(({ severity }) => severity === 'breaks').length
  return (
    <>
      <p class="compat-summary">{summary(mail.remarks.length, breaking)}</p>
      <div class="compat-facts">
        <Sizes sizes={mail.sizes} />
        <Contrasts contrast={mail.contrast} />
      </div>
      {(Object.keys(abouts) as readonly ShownRemark['about'][]).map((about) => {
        const members = groups.get(about) ?? []
        if (members.length === 0) return null
        return (
          <section key={about} class="compat-group">
            <h3>{abouts[about]}</h3>
            <ol>
              {members.map((each, index) => (
                <Remark key={`${each.code} ${index}`} issue={issue} remark={each} />
              ))}
            </ol>
          </section>
        )
      })}
      <section class="compat-group">
        <h3>Looked at for</h3>
        <p>{mail.clients.join(', ')}.</p>
        <p class="soft">
          {mail.clientsLine === null ? (
            <>
              These are what nearly all readers of a newsletter use. Name others under <code>clients:</code>{' '}
              in <code>onrecord.yaml</code>.
            </>
          ) : (
            <>
              Change them in <code>onrecord.yaml</code>, line {mail.clientsLine}.
            </>
          )}
        </p>
        {mail.unnoticed.length > 0 && (
          <details>
            <summary>{mail.unnoticed.length} more features that some of them lack and nobody misses</summary>
            <p class="soft">{mail.unnoticed.join(', ')}</p>
          </details>
        )}
      </section>
      <p class="compat-foot">
        What mail programs can do is taken from{' '}
        <OutsideLink to="https://www.caniemail.com/">caniemail.com</OutsideLink>, by Rémi Parmentier and
        contributors, MIT licence; data of {dayInWords(mail.dataFrom)}.
      </p>
    </>
  )
}

function summary(all: number, breaking: number): string {
  if (all === 0) return 'Nothing that a reader of these programs would notice.'
  const rest = all - breaking
  const looks = rest === 1 ? 'one thing looks different' : `${rest} things look different`
  if (breaking === 0) return `Nothing breaks; ${looks} for some readers.`
  const breaks = breaking === 1 ? 'One thing breaks' : `${breaking} things break`
  return rest === 0 ? `${breaks} for some readers.` : `${breaks} and ${looks} for some readers.`
}

function Remark({ issue, remark }: { readonly issue: string; readonly remark: ShownRemark }) {
  const { severity, message, hint, count, notes, more, clients, place } = remark
  const { word, sign } = severities[severity]
  return (
    <li class="compat-remark">
      <span class={`compat-sign ${severity}`}>
        <span aria-hidden="true">{sign}</span>
        <span class="visually-hidden">{word}: </span>
      </span>
      <div>
        <p class="compat-message">{message}</p>
        <p class="compat-where">
          <span class={`compat-word ${severity}`}>{word}</span>
          {count > 1 && <span class="soft">{count} places</span>}
          {place === null ? (
            <span class="soft">
              {remark.about === 'header' || remark.about === 'size' ? '' : 'In the look, not in your words'}
            </span>
          ) : (
            <PlaceLinks issue={issue} place={place} />
          )}
        </p>
        {hint !== null && <p class="soft">{hint}</p>}
        {(notes.length > 0 || clients.length > 0 || more !== null) && (
          <details>
            <summary>Who is concerned, and what testers say</summary>
            {clients.length > 0 && <p>{clients.join(', ')}.</p>}
            {notes.map((note) => (
              <p key={note} class="soft">
                {note}
              </p>
            ))}
            {more !== null && (
              <p>
                <OutsideLink to={more}>More about it at caniemail.com</OutsideLink>
              </p>
            )}
          </details>
        )}
      </div>
    </li>
  )
}

/** How much of what Gmail shows is used, with the line where it stops. */
function Sizes({ sizes }: { readonly sizes: MailInspection['sizes'] }) {
  const { html, clip, text, images, message } = sizes
  const isClipped = html > clip
  const most = Math.max(html, clip) * 1.1
  const words = isClipped
    ? `${sizeInWords(html)} of HTML: Gmail stops at ${sizeInWords(clip)}.`
    : `${sizeInWords(html)} of HTML; Gmail stops at ${sizeInWords(clip)}.`
  return (
    <section class="compat-fact" aria-label="Size">
      <h3>Size</h3>
      <div class={isClipped ? 'compat-meter over' : 'compat-meter'} role="img" aria-label={words}>
        <div style={{ width: `${(html / most) * 100}%` }} />
        <hr style={{ insetInlineStart: `${(clip / most) * 100}%` }} />
      </div>
      <p>{words}</p>
      <p class="soft">
        {message === null ? '' : `${sizeInWords(message)} with its headers and text (${sizeInWords(text)}); `}
        {images === 0 ? 'no images.' : `${sizeInWords(images)} of images, fetched when it is opened.`}
      </p>
    </section>
  )
}

const screens = [
  ['light', 'On a light screen'],
  ['dark', 'Dark, by the mail’s own styles'],
  ['forced-dark', 'Turned dark by the mail program'],
] as const

function Contrasts({ contrast }: { readonly contrast: MailInspection['contrast'] }) {
  return (
    <section class="compat-fact" aria-label="Contrast">
      <h3>Lowest contrast of text</h3>
      <dl>
        {screens.map(([id, label]) => {
          const ratio = contrast[id]
          return (
            <div key={id}>
              <dt>{label}</dt>
              <dd>{ratio === null ? '–' : `${(Math.floor(ratio * 10) / 10).toFixed(1)} : 1`}</dd>
            </div>
          )
        })}
      </dl>
      <p class="soft">4.5 : 1 is needed, 3 : 1 for large text.</p>
    </section>
  )
}
