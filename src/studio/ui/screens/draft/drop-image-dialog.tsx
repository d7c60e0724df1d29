import { useEffect, useRef, useState } from 'preact/hooks'
import type { KeptImage } from '../../../contract/draft.ts'
import type { FrontmatterForm } from '../../../contract/frontmatter.ts'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Choice } from '../../parts/tabs.tsx'
import { say } from '../../parts/toast.tsx'
import { ApiError, apiPath, post, sentenceOf } from '../../shell/api.ts'
import { isFront } from './completion-place.ts'
import { insertImage } from './drop-image-insert.ts'
import type { OpenFile, PartProps } from './editor-part.ts'
import { begin, end, nextPending } from './paste-pending.ts'
import { useWishes } from './source-picker-wish.ts'
import './drop-image.css'
import { sizeInWords } from '../../shell/size.ts'

/** What the server takes. */
const LARGEST = 20 * 1024 * 1024

interface Asked {
  /** Null: to be chosen. */
  readonly file: File | null
  /** The number of the place in the text. */
  readonly id: number
  readonly top: boolean
}

/** Asks about each picture that comes: what it shows, and where it goes. */
export function ImageDialogs({ open }: PartProps) {
  const { view } = open
  const [asked, setAsked] = useState<readonly Asked[]>([])
  const mark = (file: File | null, at: number): Asked => {
    const id = nextPending()
    const label = file === null ? 'A picture comes here' : `${file.name} comes here`
    view.dispatch({ effects: begin.of({ id, from: at, to: at, label, cancel: () => undefined }) })
    return { file, id, top: isFront(view.state, at) }
  }
  useWishes(view, (wish) => {
    if (wish.what !== 'add-image') return
    const files = wish.files.length === 0 ? [null] : wish.files
    setAsked((before) => [...before, ...files.map((file) => mark(file, wish.at))])
  })
  useEffect(() => {
    // A file that misses the text must not take the page's place.
    const keep = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault()
    }
    addEventListener('dragover', keep)
    addEventListener('drop', keep)
    return () => {
      removeEventListener('dragover', keep)
      removeEventListener('drop', keep)
    }
  }, [])
  const [first] = asked
  if (first === undefined) return null
  const close = (): void => {
    setAsked((before) => before.slice(1))
    setTimeout(() => {
      view.dispatch({ effects: end.of(first.id) })
      view.focus()
    })
  }
  return <ImageDialog key={first.id} open={open} asked={first} after={asked.length - 1} onClose={close} />
}

function ImageDialog({
  open,
  asked,
  after,
  onClose,
}: {
  readonly open: OpenFile
  readonly asked: Asked
  /** How many pictures are asked about after this one. */
  readonly after: number
  readonly onClose: () => void
}) {
  const { view, issue } = open
  // A note of an issue has no picture of its own.
  const mayBeTop = !open.file.path.endsWith('/issue.md')
  const [file, setFile] = useState(asked.file)
  const [alt, setAlt] = useState('')
  const [credit, setCredit] = useState('')
  const [place, setPlace] = useState<'text' | 'top'>(asked.top && mayBeTop ? 'top' : 'text')
  const [missing, setMissing] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [work, setWork] = useState<AbortController | null>(null)
  const trouble = file === null ? null : troubleOf(file)
  const cancel = (): void => {
    work?.abort()
    onClose()
  }
  const put = async (): Promise<void> => {
    if (file === null || trouble !== null || work !== null) return
    if (alt.trim() === '') return setMissing(true)
    const abort = new AbortController()
    setWork(abort)
    setError(null)
    try {
      const path = apiPath(['issues', issue, 'images'], { name: file.name })
      const kept = await post<KeptImage>(path, file, abort.signal)
      if (place === 'text') insertImage(view, asked.id, kept.path, alt)
      else
        await setTop(open, {
          'image.src': kept.path,
          'image.alt': alt.trim(),
          'image.credit': credit.trim() || null,
        })
      onClose()
      say(`Kept as ${kept.path}, ${sizeInWords(kept.bytes)} of ${sizeInWords(kept.sentBytes)}.`)
    } catch (failed) {
      if (abort.signal.aborted) return
      setError(failed instanceof ApiError ? sentenceOf(failed) : 'The picture could not be put in.')
    }
    setWork(null)
  }
  return (
    <FormDialog
      title={after === 0 ? 'Add a picture' : `Add a picture; ${after} more after it`}
      verb={work === null ? 'Put it in' : 'Making it ready …'}
      disabled={file === null || trouble !== null || work !== null}
      class="image-form"
      onSubmit={() => void put()}
      onClose={cancel}
    >
      {asked.file === null && <FileChoice onChoose={setFile} />}
      {file !== null && trouble === null && <Thumbnail file={file} />}
      {trouble !== null && <Notice tone="error">{trouble}</Notice>}
      {error !== null && <Notice tone="error">{error}</Notice>}
      {file !== null && trouble === null && (
        <>
          <Field
            label="What it shows"
            help="In a few words, for who does not see it: what a reader would miss. Not “picture of”, not the caption again; of a chart, what it says."
            error={
              missing && alt.trim() === ''
                ? 'Describe the picture: readers without images have only this.'
                : null
            }
            rows={3}
            required
            value={alt}
            onInput={setAlt}
          />
          {mayBeTop && (
            <Choice
              label="Where it goes"
              options={[
                { value: 'text', label: 'Into the text, here' },
                { value: 'top', label: 'At the top of the brief' },
              ]}
              chosen={place}
              onChoose={setPlace}
            />
          )}
          {place === 'top' && (
            <Field label="Credit" help="Such as “Photo: A. Name”." value={credit} onInput={setCredit} />
          )}
        </>
      )}
      <p class="visually-hidden" role="status">
        {work === null ? '' : 'The picture is being made ready.'}
      </p>
    </FormDialog>
  )
}

function FileChoice({ onChoose }: { readonly onChoose: (file: File) => void }) {
  return (
    <div class="field">
      <label for="image-file">Picture</label>
      <input
        id="image-file"
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp,image/avif"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          if (file !== undefined) onChoose(file)
        }}
      />
      <p class="help">
        JPEG, PNG, GIF or WebP, up to 20 MB. It is made as wide as a mail needs; where it was taken is not
        kept.
      </p>
    </div>
  )
}

/** Drawn from the bytes, since no address of the picture is there yet. */
function Thumbnail({ file }: { readonly file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [size, setSize] = useState<string | null>(null)
  useEffect(() => {
    let wanted = true
    createImageBitmap(file).then(
      (picture) => {
        const { width, height } = picture
        const shown = canvas.current
        const scale = Math.min(1, 480 / width, 200 / height)
        if (wanted && shown !== null) {
          shown.width = Math.max(1, Math.round(width * scale))
          shown.height = Math.max(1, Math.round(height * scale))
          shown.getContext('2d')?.drawImage(picture, 0, 0, shown.width, shown.height)
          setSize(`${width} × ${height} pixels`)
        }
        picture.close()
      },
      // The server says what is wrong with it.
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [file])
  return (
    <figure class="image-thumbnail">
      <canvas ref={canvas} width={1} height={1} aria-hidden="true" />
      <figcaption>{[file.name, sizeInWords(file.size), size].filter(Boolean).join(' · ')}</figcaption>
    </figure>
  )
}

function troubleOf({ type, name, size }: File): string | null {
  if (type === 'image/svg+xml' || /\.svgz?$/iu.test(name))
    return 'This is an SVG drawing, which mail programs do not show. Save it as PNG.'
  // Only Apple’s browsers can show one, and no mail program should have to.
  if (/^image\/hei[cf]/u.test(type) || /\.hei[cf]$/iu.test(name))
    return `${name} is a photo in Apple’s own format. Export it as JPEG.`
  if (type !== '' && !type.startsWith('image/'))
    return `${name} is no picture. Drop a JPEG, PNG, GIF or WebP.`
  if (size > LARGEST) return `${name} is larger than 20 MB. Save a smaller copy of it.`
  return null
}

/** Writes the brief’s picture into its frontmatter; again, where the text became another meanwhile. */
async function setTop(open: OpenFile, set: Readonly<Record<string, string | null>>): Promise<void> {
  const { view, file } = open
  for (;;) {
    const { doc } = view.state
    const text = doc.toString()
    const form = await post<FrontmatterForm>('/api/frontmatter', { path: file.path, text, set })
    if (form.refused.length > 0) {
      throw new ApiError(
        'invalid',
        'The frontmatter of this brief cannot be changed from here.',
        'Mend it in the text, then try again.',
        null,
      )
    }
    if (!view.state.doc.eq(doc)) continue
    return open.setText(form.text)
  }
}
