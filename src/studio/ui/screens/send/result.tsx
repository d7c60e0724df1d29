import { useState } from 'preact/hooks'
import type {
  IssueSendingResult,
  Resolved,
  ResolveRequest,
  SendingStatus,
} from '../../../contract/sending.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { say } from '../../parts/toast.tsx'
import { useAct } from '../../shell/act.ts'
import { apiPath, post } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { href } from '../../shell/routes.ts'
import { Domains } from './domains.tsx'
import { Counts, sentence } from './live-send.tsx'
import type { Figures } from './words.ts'

/** What became of a send: by state, by domain, what servers said, and whose end is not known. */
export function Result({
  issue,
  status,
  figures,
}: {
  readonly issue: string
  readonly status: SendingStatus
  readonly figures: Figures
}) {
  const { state, kind, total, counts, reason } = status
  const result = useLoaded<IssueSendingResult>(
    apiPath(['issues', issue, 'sending', 'result']),
    (change) => change.what === 'sending' && change.id === issue,
  )
  const { number, people } = figures
  const hasEnded = state === 'done' || state === 'cancelled'
  return (
    <section class="send-result" aria-labelledby="send-result">
      {hasEnded ? (
        <>
          <h2 id="send-result">
            {state === 'cancelled'
              ? kind === 'rehearsal'
                ? `Cancelled: ${number(counts.accepted)} of ${number(total)} messages went to the outbox`
                : `Cancelled: ${number(counts.accepted)} of ${people(total)} have it`
              : kind === 'rehearsal'
                ? `Rehearsed: ${number(counts.accepted)} of ${number(total)} messages went to the outbox`
                : `Sent: ${number(counts.accepted)} of ${people(total)} ${counts.accepted === 1 ? 'has' : 'have'} it`}
          </h2>
          <p class="soft">
            {kind === 'rehearsal'
              ? 'Nobody outside was sent anything by it, and it never counts as sent. '
              : `Through ${status.server}. `}
            Begun {status.startedAt.inFull}
            {status.finishedAt === null ? '' : `, ended ${status.finishedAt.words}`}.{' '}
            {kind === 'rehearsal' && (
              <a href={href({ screen: 'outbox', message: null })}>Look at the messages in the outbox</a>
            )}
          </p>
          {reason !== null && <Notice tone="info">{sentence(reason)}</Notice>}
          <Counts {...{ counts, kind, figures }} />
        </>
      ) : (
        <h2 id="send-result">How it stands, by domain</h2>
      )}
      {result.error !== null && <Notice tone="error">{result.error}</Notice>}
      {result.value === null && result.error === null && <p class="soft">Counting domains …</p>}
      {result.value !== null && (
        <>
          <Troubles troubles={result.value.troubles} />
          <Unknowns
            issue={issue}
            unknowns={result.value.unknowns}
            state={state}
            figures={figures}
            onResolved={result.reload}
          />
          <Domains {...{ issue, figures }} domains={result.value.domains} count={result.value.domainCount} />
        </>
      )}
    </section>
  )
}

function Troubles({ troubles }: { readonly troubles: IssueSendingResult['troubles'] }) {
  if (troubles.length === 0) return null
  return (
    <>
      <h3>What servers said</h3>
      <ul class="send-troubles">
        {troubles.map(({ state, domain, words, reply, nextAt }) => (
          <li key={`${state} ${domain} ${reply}`} class={state}>
            <p>
              {words}
              {nextAt !== null && ` Tried again from ${nextAt.words}.`}
            </p>
            <p class="soft">
              <code>{reply}</code>
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

function Unknowns({
  issue,
  unknowns,
  state,
  figures: { people },
  onResolved,
}: {
  readonly issue: string
  readonly unknowns: IssueSendingResult['unknowns']
  readonly state: SendingStatus['state']
  readonly figures: Figures
  readonly onResolved: () => void
}) {
  const [asking, setAsking] = useState(false)
  const { error, run } = useAct()
  if (unknowns.length === 0) return null
  const resend = (): Promise<boolean> =>
    run(async () => {
      const request: ResolveRequest = { how: 'resend' }
      const { resent, held } = await post<Resolved>(apiPath(['issues', issue, 'sending', 'unknown']), request)
      setAsking(false)
      say(
        resent === 0
          ? `Nobody is mailed a third time: ${people(held)} stay unknown.`
          : `${people(resent)} are mailed once more.`,
      )
      onResolved()
    })
  return (
    <>
      <h3>Not known: {people(unknowns.length)}</h3>
      <p>
        The connection broke after the message was handed over and before the answer: they may have it, or
        not. Look for the Message-ID in your server’s log. Left as they are, they are not mailed again.
      </p>
      <ul class="send-unknowns">
        {unknowns.map(({ address, messageId, since, reply }) => (
          <li key={messageId ?? address ?? since.at}>
            <strong>{address ?? 'somebody who was erased'}</strong>{' '}
            {messageId !== null && <code>{messageId}</code>}
            <span class="soft">
              {since.words} · {reply}
            </span>
          </li>
        ))}
      </ul>
      {state !== 'cancelled' && (
        <p>
          <Button onClick={() => setAsking(true)}>Mail them once more …</Button>
        </p>
      )}
      {asking && (
        <Dialog
          title={`Mail ${people(unknowns.length)} once more?`}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Leave them as they are</Button>
              <Button kind="danger" onClick={() => void resend()}>
                Mail them once more
              </Button>
            </>
          }
        >
          <p>
            Some may get it twice. It has the same Message-ID, which many mail programs recognise. Nobody is
            mailed a third time.
          </p>
          {error !== null && <Notice tone="error">{error}</Notice>}
        </Dialog>
      )}
    </>
  )
}
