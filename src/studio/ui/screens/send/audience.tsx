import type { IssueSendingPlan, SendingTo } from '../../../contract/sending.ts'
import { countOf, toName, type Figures } from './words.ts'

const gets: Readonly<Record<SendingTo, string>> = {
  everybody: 'each in the edition of their tier',
  subscriber: 'the subscribers’ edition: teasers where a section is for members',
  member: 'the members’ edition: every section in full',
}

/** Whom of the newsletter it goes to, and who is left out. */
export function Audience({
  plan,
  to,
  onChoose,
  figures,
  tiers,
}: {
  readonly plan: IssueSendingPlan
  readonly to: SendingTo
  readonly onChoose: (to: SendingTo) => void
  readonly figures: Figures
  readonly tiers: Readonly<Record<'subscriber' | 'member', string>>
}) {
  const { audience, newsletter, leftOut } = plan
  const { number, people } = figures
  const rest = audience.total - countOf(plan, to)
  const out = [
    [leftOut.had, 'had it sent before'],
    [leftOut.pending, 'not confirmed yet'],
    [leftOut.paused, 'asked for a rest'],
    [leftOut.suppressed, 'must not be written to: bounced, complained, or taken off'],
    [leftOut.left, 'unsubscribed'],
  ] as const
  const shownOut = out.filter(([count]) => count > 0)
  return (
    <section aria-labelledby="send-to">
      <h2 id="send-to">To whom{newsletter === null ? '' : `: ${newsletter.name}`}</h2>
      <fieldset class="send-audience">
        <legend class="visually-hidden">To whom</legend>
        {(['everybody', 'subscriber', 'member'] as const).map((each) => {
          const count = countOf(plan, each)
          return (
            <label key={each} class={count === 0 ? 'none' : ''}>
              <input
                type="radio"
                name="send-to"
                checked={each === to}
                disabled={count === 0 && each !== 'everybody'}
                onChange={() => onChoose(each)}
              />
              <span class="send-who">{toName(each, tiers)}</span>
              <span class="send-number">{number(count)}</span>
              <span class="soft">{gets[each]}</span>
            </label>
          )
        })}
      </fieldset>
      {to !== 'everybody' && rest > 0 && (
        <p>
          The other {people(rest)} do not get it now. They can be sent it later, here; nobody gets it twice.
        </p>
      )}
      {shownOut.length > 0 && (
        <p class="soft send-out">
          Left out: {shownOut.map(([count, why]) => `${number(count)} ${why}`).join('; ')}.
        </p>
      )}
      {leftOut.reserved > 0 && (
        <p class="soft">
          {people(leftOut.reserved)} {leftOut.reserved === 1 ? 'has' : 'have'} an address under a name
          reserved for tests (as .test or example.org): nobody can be reached there. Unsubscribe them first.
        </p>
      )}
    </section>
  )
}
