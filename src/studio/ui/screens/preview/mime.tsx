import { useState } from 'preact/hooks'
import type { MimePart, PreviewMime } from '../../../contract/preview.ts'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { say } from '../../parts/toast.tsx'
import { useLoaded } from '../../shell/changes.ts'
import { sizeInWords } from '../../shell/size.ts'
import { Waiting } from './words.tsx'

/** The message as it goes to the wire: its fields with what they are for, its parts, its bytes. */
export function Mime({ path, file }: { readonly path: string; readonly file: string }) {
  const { value, error } = useLoaded<PreviewMime>(path, undefined, { keeps: true })
  const [failed, setFailed] = useState<string | null>(null)
  if (value === null) return <Waiting error={error} />
  const { source, cut, bytes, headers, structure } = value
  const copy = async (): Promise<void> => {
    setFailed(null)
    const answer = await fetch(file).catch(() => null)
    if (answer?.ok !== true)
      return setFailed('The message is not there any more. Choose a reader, and open its source again.')
    try {
      await navigator.clipboard.writeText(await answer.text())
      say('The message is on the clipboard.')
    } catch {
      setFailed('The browser does not let the page copy. Download the message instead.')
    }
  }
  return (
    <div class="preview-words">
      {source === null && (
        <Notice tone="error">The message cannot be made: a header must not be sent as it is.</Notice>
      )}
      {failed !== null && <Notice tone="error">{failed}</Notice>}
      <section aria-label="Headers">
        <h3>Headers</h3>
        <dl class="preview-headers">
          {headers.map(({ name, value: text, shown, explanation }, index) => (
            <div key={index}>
              <dt>{name}</dt>
              <dd>
                <code dir="auto">{text}</code>
                {shown !== null && <bdi>{shown}</bdi>}
                <span class="soft">{explanation}</span>
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {structure !== null && (
        <section aria-label="Parts">
          <h3>Parts</h3>
          <ul class="preview-parts">
            <Part part={structure} />
          </ul>
        </section>
      )}
      {source !== null && (
        <section aria-label="Source">
          <div class="toolbar">
            <h3>Source</h3>
            <span class="soft">
              {sizeInWords(bytes)}
              {cut && ', of which the beginning is shown'}
            </span>
            <Button onClick={() => void copy()}>Copy</Button>
            <a class="button" href={file} download>
              Download .eml
            </a>
          </div>
          <pre class="preview-source" tabIndex={0} aria-label="The message as it is sent">
            {source}
          </pre>
        </section>
      )}
    </div>
  )
}

function Part({ part }: { readonly part: MimePart }) {
  const { type, charset, encoding, bytes, parts } = part
  return (
    <li>
      <code>{type}</code>{' '}
      <span class="soft">{[charset, encoding, sizeInWords(bytes)].filter(Boolean).join(' · ')}</span>
      {parts.length > 0 && (
        <ul>
          {parts.map((each, index) => (
            <Part key={index} part={each} />
          ))}
        </ul>
      )}
    </li>
  )
}
