import { useState } from 'preact/hooks'
import type { TestRequest, TestResult, SendingPlan } from '../../../contract/sending.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { useAct } from '../../shell/act.ts'
import { apiPath, post } from '../../shell/api.ts'
import { useRemembered } from '../../shell/remembered.ts'
import { href } from '../../shell/routes.ts'

/** Addresses that this browser offers again. */
const MOST_REMEMBERED = 6

/** One message to any address, with what the server said. */
export function TestMessage({
  issue,
  tiers,
  server,
}: {
  readonly issue: string
  readonly tiers: Readonly<Record<TestRequest['tier'], string>>
  readonly server: SendingPlan['server'] | null
}) {
  const [known, setKnown] = useRemembered('test-addresses', '', (text) => text)
  const addresses = known.split('\n').filter((each) => each !== '')
  const [to, setTo] = useState(addresses[0] ?? '')
  const [tier, setTier] = useState<TestRequest['tier']>('subscriber')
  const { busy, error, setError, run } = useAct()
  const [result, setResult] = useState<TestResult | null>(null)

  const test = (): Promise<boolean> =>
    run(async () => {
      setResult(null)
      const request: TestRequest = { to: to.trim(), tier }
      const answer = await post<TestResult>(apiPath(['issues', issue, 'test']), request)
      setResult(answer)
      if (answer.accepted)
        setKnown(
          [answer.to, ...addresses.filter((each) => each !== answer.to)].slice(0, MOST_REMEMBERED).join('\n'),
        )
    })

  return (
    <section aria-labelledby="send-test">
      <h2 id="send-test">Send a test</h2>
      <p class="soft">
        One message to any address, with “[Test]” in its subject and links that change nothing. Drafts too.
        {server?.kind === 'outbox' && ' Without a mail server it goes to the outbox.'}
      </p>
      <form
        class="send-test"
        // What an address may be is our own to say, in a sentence that stays.
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void test()
        }}
      >
        <Field
          label="Address"
          type="email"
          autocomplete="email"
          value={to}
          onInput={(text) => {
            setTo(text)
            setError(null)
          }}
          error={error}
        />
        <Select
          label="As it is for"
          value={tier}
          onChange={(value) => setTier(value === 'member' || value === 'public' ? value : 'subscriber')}
          options={(['subscriber', 'member', 'public'] as const).map((value) => ({
            value,
            label: tiers[value],
          }))}
        />
        <Button submit>{busy ? 'Being sent …' : 'Send the test'}</Button>
      </form>
      {addresses.length > 0 && (
        <p class="send-known">
          <span class="soft">Used before:</span>{' '}
          {addresses.map((each) => (
            <Button key={each} kind="quiet" onClick={() => setTo(each)}>
              {each}
            </Button>
          ))}
          <Button kind="quiet" onClick={() => setKnown('')}>
            Forget them
          </Button>
        </p>
      )}
      <div role="status">
        {result !== null && (
          <Notice tone={result.accepted ? 'good' : 'error'}>
            <p>
              {result.words}{' '}
              {result.accepted && result.server.kind === 'outbox' && (
                <a href={href({ screen: 'outbox', message: null })}>Look at it in the outbox</a>
              )}
            </p>
            {result.accepted && (
              <p class="soft">
                Reply: <code>{result.reply}</code> · Message-ID: <code>{result.messageId}</code>
              </p>
            )}
          </Notice>
        )}
      </div>
    </section>
  )
}
