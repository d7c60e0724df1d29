import type { Segment } from '../../../contract/compare.ts'

/** So many words that stayed are shown on either side of a change, where there is little room. */
const AROUND = 6

/** Words with what went struck through and what came underlined; a screen reader is told where each begins and ends. */
export function Words({
  segments,
  short = false,
}: {
  readonly segments: readonly Segment[]
  readonly short?: boolean
}) {
  return (
    <>
      {segments.map(({ kind, text }, index) => {
        switch (kind) {
          case 'added':
            return <Marked key={index} text={text} added />
          case 'removed':
            return <Marked key={index} text={text} added={false} />
          case 'link':
            return (
              <span key={index} class="compare-link">
                {text}
              </span>
            )
          case 'same':
            return short ? cut(text, index === 0, index === segments.length - 1) : text
        }
      })}
    </>
  )
}

/** The space before stays outside, so that only words are struck or underlined. */
function Marked({ text, added }: { readonly text: string; readonly added: boolean }) {
  const words = text.trimStart()
  const space = words.length < text.length ? ' ' : ''
  return (
    <>
      {space}
      {added ? (
        <ins>
          <Aside>added: </Aside>
          {words}
          <Aside> (end of what was added)</Aside>
        </ins>
      ) : (
        <del>
          <Aside>removed: </Aside>
          {words}
          <Aside> (end of what was removed)</Aside>
        </del>
      )}
    </>
  )
}

function Aside({ children }: { readonly children: string }) {
  return <span class="visually-hidden">{children}</span>
}

/** Of words that stayed, those next to a change. */
function cut(text: string, first: boolean, last: boolean): string {
  const words = text.split(/(?<=\S)(?=\s)/u)
  const start = first ? '' : words.slice(0, AROUND).join('')
  const end = last ? '' : words.slice(-AROUND).join('')
  return words.length > (first || last ? AROUND : 2 * AROUND) ? `${start} … ${end}` : text
}
