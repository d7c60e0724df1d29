import { useRef, useState } from 'preact/hooks'

/** A field for a file, onto which one can be dropped, too. */
export function ChooseFile({
  busy,
  onChoose,
}: {
  readonly busy: boolean
  readonly onChoose: (file: File) => void
}) {
  const field = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null | undefined): void => {
    const file = files?.[0]
    if (file !== undefined) onChoose(file)
    if (field.current !== null) field.current.value = ''
  }
  return (
    <>
      <label
        class={over ? 'people-drop over' : 'people-drop'}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          take(event.dataTransfer?.files)
        }}
      >
        <strong>{busy ? 'The file is being read …' : 'Choose a file, or drop it here'}</strong>
        <span class="soft">CSV or JSON, as Substack, Ghost, Mailchimp and most other systems export it</span>
        <input
          ref={field}
          type="file"
          accept=".csv,.tsv,.txt,.json,text/csv,application/json"
          disabled={busy}
          onChange={(event) => take(event.currentTarget.files)}
        />
      </label>
      <ul class="people-holds">
        <li>Only import people who agreed to get this newsletter by mail.</li>
        <li>Who left here, is suppressed or was erased stays away, whatever the file says.</li>
        <li>Who opted out there is kept as left, and is never mailed.</li>
        <li>Nobody is written to by an import. The file stays on this machine and is gone afterwards.</li>
      </ul>
    </>
  )
}
