import { useEffect, useRef, useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { ImportChoices, ImportLook, ImportRunRequest, ImportState } from '../../../contract/people.ts'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { useAct } from '../../shell/act.ts'
import { apiPath, post, sentenceOf, upload } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { href } from '../../shell/routes.ts'
import { ChooseFile } from './choose-file.tsx'
import { ImportMapping } from './import-mapping.tsx'
import { ImportRun } from './import-run.tsx'

/** People out of a file: choose it, say what its columns are, try, import. */
export function ImportScreen({ publication }: { readonly publication: PublicationHead | null }) {
  const [look, setLook] = useState<ImportLook | null>(null)
  const [choices, setChoices] = useState<ImportChoices>(usual)
  /** What was chosen when it was tried last, and the number of that run. */
  const [tried, setTried] = useState<{ readonly choices: string; readonly run: number } | null>(null)
  const { busy, error, setError, run: act } = useAct()
  /** Of what was chosen last; whatever was asked before it is of no use. */
  const looking = useRef<AbortController | null>(null)
  const [looks, setLooks] = useState(false)
  const { value, reload } = useLoaded<ImportState>(
    apiPath(['people', 'import']),
    ({ what }) => what === 'import',
  )
  const run = value?.run ?? null
  const own = look === null ? null : look.upload.id
  const isRunning = run?.state === 'running'
  const wentIn = run !== null && !run.dryRun && run.upload === own
  /** One that another page, or this one before it was loaded again, has begun. */
  const isOther = run !== null && own === null && (isRunning || !run.dryRun)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (look !== null) heading.current?.focus()
  }, [own])

  const take = (file: File): Promise<boolean> =>
    act(async () => {
      const taken = await upload<ImportLook>(apiPath(['people', 'import']), file)
      setLook(taken)
      setTried(null)
      setChoices({ ...usual, encoding: taken.look.encoding })
    })
  const choose = async (next: ImportChoices): Promise<void> => {
    setChoices(next)
    if (own === null) return
    looking.current?.abort()
    const newest = new AbortController()
    looking.current = newest
    setLooks(true)
    setError(null)
    try {
      setLook(await post<ImportLook>(apiPath(['people', 'import', own, 'look']), next, newest.signal))
    } catch (reason) {
      if (newest.signal.aborted) return
      setError(sentenceOf(reason))
    }
    setLooks(false)
  }
  const start = (dryRun: boolean): Promise<boolean> =>
    act(async () => {
      if (own === null) return
      const body: ImportRunRequest = { ...choices, dryRun }
      const begun = await post<ImportState>(apiPath(['people', 'import', own, 'run']), body)
      setTried(begun.run === null ? null : { choices: JSON.stringify(choices), run: begun.run.number })
      reload()
    })
  const cancel = (): Promise<boolean> =>
    act(async () => {
      if (run !== null) await post<ImportState>(apiPath(['people', 'import', run.upload, 'cancel']), {})
    })
  const again = (): Promise<boolean> =>
    act(async () => {
      if (own !== null) await post<ImportState>(apiPath(['people', 'import', own, 'drop']), {})
      setLook(null)
      setTried(null)
      reload()
    })

  // Of the run before, until the new one is known, nothing is said.
  const isTried = tried?.choices === JSON.stringify(choices) && run?.number === tried.run && run.dryRun
  const canImport =
    isTried && run.state === 'done' && (run.result?.read ?? 0) > (run.result?.refusedTotal ?? 0)
  return (
    <div class="page">
      <p>
        <a href={href({ screen: 'people', person: null })}>All people</a>
      </p>
      <h1>Import people</h1>
      {error !== null && <Notice tone="error">{error}</Notice>}
      {look === null && !isRunning && <ChooseFile busy={busy} onChoose={(file) => void take(file)} />}
      {look !== null && !wentIn && (
        <>
          <div class="people-head">
            <h2 ref={heading} tabIndex={-1}>
              <span class="people-address">{look.upload.fileName}</span>{' '}
              <span class="people-small soft">{look.look.rows.toLocaleString('en')} rows</span>
            </h2>
            <Button disabled={busy || looks || isRunning} onClick={() => void again()}>
              Another file
            </Button>
          </div>
          <ImportMapping
            {...{ look: look.look, choices, publication, disabled: isRunning }}
            onChoose={(next) => void choose(next)}
          />
          <div class="toolbar">
            <Button
              kind={canImport ? 'plain' : 'primary'}
              disabled={busy || looks || isRunning || look.look.problem !== null}
              onClick={() => void start(true)}
            >
              {isTried ? 'Try it again' : 'Try it: nothing is changed'}
            </Button>
            <Button
              kind={canImport ? 'primary' : 'plain'}
              disabled={busy || looks || !canImport}
              onClick={() => void start(false)}
            >
              Import
            </Button>
            <p class="soft people-small">
              {canImport
                ? 'An import cannot be taken back as a whole: only person by person.'
                : 'A trial of the same choices comes first.'}
            </p>
          </div>
        </>
      )}
      {run !== null && (wentIn || isRunning || isTried || isOther) && (
        <ImportRun run={run} publication={publication} onCancel={() => void cancel()} />
      )}
      {wentIn && !isRunning && (
        <div class="toolbar">
          <Button kind="primary" onClick={() => void again()}>
            Import another file
          </Button>
          <a href={href({ screen: 'people', person: null })}>See the people</a>
        </div>
      )}
    </div>
  )
}

const usual: ImportChoices = { map: {}, from: 'auto', encoding: 'utf-8', newsletter: null, tier: null }
