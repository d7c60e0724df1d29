import type { Change } from '../../../contract/compare.ts'
import { OutsideLink } from '../../parts/outside-link.tsx'

type Named = Extract<Change, { kind: 'source' }>['to']

/** What of a change its words do not show: where links lead, what a number stands for, a picture, a source. */
export function ChangeNote({ change }: { readonly change: Change }) {
  switch (change.kind) {
    case 'link':
      return <LinkNote change={change} />
    case 'citation':
      return (
        <p>
          <strong>{change.mark}</strong> now stands for {named(change.to)}, not for {named(change.from)}.
        </p>
      )
    case 'image':
      return <ImageNote change={change} />
    case 'source':
      return <SourceNote change={change} />
    case 'text':
      return change.how === 'moved' ? <p>Moved here from another place.</p> : null
    case 'subject':
    case 'preheader':
    case 'from':
    case 'replyTo':
      return null
  }
}

function LinkNote({ change: { words, from, to } }: { readonly change: Extract<Change, { kind: 'link' }> }) {
  return (
    <p>
      “{words}” {to === null ? 'no longer leads to ' : 'now leads to '}
      {to !== null && <OutsideLink to={to} />}
      {to !== null && from !== null && ', not to '}
      {from !== null && <OutsideLink to={from} />}.
    </p>
  )
}

function ImageNote({ change }: { readonly change: Extract<Change, { kind: 'image' }> }) {
  const { how, from, to } = change
  const said = {
    added: 'An image was added.',
    removed: 'An image was removed.',
    moved: 'An image was moved here.',
    picture: 'It is another picture.',
    alt: 'An image is described in other words.',
  }
  const both = how === 'picture' || how === 'alt'
  return (
    <>
      <p>{said[how]}</p>
      <div class="compare-images">
        {from !== null && (both || to === null) && <Picture image={from} gone />}
        {to !== null && <Picture image={to} gone={false} />}
      </div>
    </>
  )
}

function Picture({
  image: { src, alt },
  gone,
}: {
  readonly image: { readonly src: string; readonly alt: string }
  readonly gone: boolean
}) {
  const name = src.split('/').at(-1) ?? ''
  return (
    <figure>
      {/^[\w.-]+$/u.test(name) && <img src={`/images/${name}`} alt="" loading="lazy" />}
      <figcaption>
        {gone ? (
          <del>{alt === '' ? 'no description' : alt}</del>
        ) : (
          <ins>{alt === '' ? 'no description' : alt}</ins>
        )}
      </figcaption>
    </figure>
  )
}

function SourceNote({ change }: { readonly change: Extract<Change, { kind: 'source' }> }) {
  const { how, from, to, fields } = change
  switch (how) {
    case 'added':
      return (
        <p>
          Added: {number(to)} <ins>{named(to)}</ins>
        </p>
      )
    case 'removed':
      return (
        <p>
          Removed: {number(from)} <del>{named(from)}</del>
        </p>
      )
    case 'changed':
      return (
        <p>
          {number(to)} {named(to)}: its {fields.join(', ')} changed
          {from !== null && to !== null && from.title !== to.title && (
            <>
              : <del>{from.title}</del> <ins>{to.title}</ins>
            </>
          )}
          {from?.url && to?.url && from.url !== to.url && (
            <>
              . It is now at <OutsideLink to={to.url} />, not at <OutsideLink to={from.url} />
            </>
          )}
          .
        </p>
      )
    case 'renumbered':
      return (
        <p>
          <del>{number(from)}</del> <ins>{number(to)}</ins> {named(to)}
        </p>
      )
  }
}

function named(source: Named): string {
  return source === null ? 'no source' : `${source.publisher}, “${source.title}”`
}

function number(source: Named): string {
  return source === null || source.number === null ? 'not cited' : `[${source.number}]`
}
