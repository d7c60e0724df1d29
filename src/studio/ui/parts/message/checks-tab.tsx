import type { PublicationHead } from '../../../contract/issues.ts'
import type { MessageFact, OutboxChecks } from '../../../contract/outbox.ts'
import { Badge } from '../notice.tsx'
import { OutsideLink } from '../outside-link.tsx'
import { addressHere } from './linked-text.tsx'

export interface ChecksTabProps {
  readonly facts: readonly MessageFact[]
  readonly checks: OutboxChecks | null
  readonly publication: PublicationHead | null
}

const words = { good: 'Good', unusual: 'Unusual', missing: 'Not there', rehearsal: 'Rehearsal' } as const
export const tones = { good: 'good', unusual: 'warning', missing: 'plain', rehearsal: 'plain' } as const

/** What can be told of a message by looking at it, what readers would notice, and where it leads to. */
export function ChecksTab({ facts, checks, publication }: ChecksTabProps) {
  return (
    <div class="message-checks">
      <section>
        <h3>As a server sees it</h3>
        <ul>
          {facts.map(({ about, state, sentence }) => (
            <li key={about}>
              <Badge tone={tones[state]}>{words[state]}</Badge> {sentence}
            </li>
          ))}
        </ul>
      </section>
      {checks === null ? (
        <p class="soft" role="status">
          Being looked at …
        </p>
      ) : (
        <>
          <section>
            <h3>As readers see it</h3>
            {checks.remarks.length === 0 && <p class="soft">Nothing that a reader would notice.</p>}
            <ul>
              {checks.remarks.map(({ code, severity, message, hint, count }) => (
                <li key={`${code}${message}`}>
                  <Badge tone={severity === 'breaks' ? 'error' : 'plain'}>
                    {severity === 'breaks' ? 'Breaks' : 'Looks different'}
                  </Badge>{' '}
                  {message}
                  {count > 1 && ` (${count} places)`}
                  {hint !== null && <span class="soft"> {sentence(hint)}</span>}
                </li>
              ))}
            </ul>
          </section>
          <section>
            <h3>
              Links and images <span class="soft">{checks.links.length}</span>
            </h3>
            {checks.links.length === 0 && <p class="soft">It leads nowhere.</p>}
            <ol class="message-links">
              {checks.links.map(({ url, kind }) => (
                <li key={`${kind} ${url}`}>
                  {kind === 'image' && <Badge tone="plain">Image</Badge>}{' '}
                  <OutsideLink to={addressHere(url, publication)}>{url}</OutsideLink>
                </li>
              ))}
            </ol>
          </section>
        </>
      )}
    </div>
  )
}

/** A hint follows on a sentence elsewhere; here it is one. */
function sentence(hint: string): string {
  return `${hint.charAt(0).toUpperCase()}${hint.slice(1)}${/[.!?]$/.test(hint) ? '' : '.'}`
}
