import { randomUUID } from 'node:crypto'
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import type { FileWords } from './columns.ts'
import type { Encoding } from './csv-records.ts'
import { lookAtFile, surveyFile, type FileLook, type FileSurvey } from './import-look.ts'
import { importSubscribers, type ImportResult } from './import.ts'
import { csvOfJson, looksLikeJson } from './json-rows.ts'
import type { SubscriberStore } from './store.ts'
import type { SubscriberTier } from './subscriber.ts'

/** Imports of files that were uploaded. */
export interface ImportDesk {
  /**
   * Keeps an upload until it is imported, dropped or more have come. Nothing of it stays, however this process
   * ends: its file has no name.
   * @throws OnrecordError `refused` when it is too large or no list of people
   */
  take(bytes: AsyncIterable<Uint8Array>, fileName: string): Promise<Upload>
  /** What it is taken for, with this mapping. */
  look(upload: string, choice: ImportChoice): Promise<FileLook>
  /**
   * A trial, or the import itself, after which the upload is gone; one at a time.
   * @throws OnrecordError `refused` when another is under way, `not-found` when the upload is gone
   */
  run(upload: string, choice: ImportChoice, run: ImportRun): Promise<ImportResult>
  drop(upload: string): Promise<void>
  close(): Promise<void>
}

/** An upload that is kept. */
export interface Upload {
  readonly id: string
  /** Without its folder, and without what no screen should show. */
  readonly fileName: string
  readonly bytes: number
  /** Of `json`, the entry with the number n is told of as line n + 1. */
  readonly format: 'csv' | 'json'
}

/** What a person chooses about a file. */
export interface ImportChoice {
  /** Field → column; an empty column leaves the field out. */
  readonly map: FileWords['map']
  readonly from: FileWords['from']
  readonly encoding: Encoding
  /** Null: where a row names none, the first of the publication’s. */
  readonly newsletter: string | null
  /** Where a row names none; null keeps what is known. */
  readonly tier: SubscriberTier | null
}

export interface ImportRun {
  readonly dryRun: boolean
  /** Aborted: what is committed stays. */
  readonly signal: AbortSignal
  /** After each batch; `part` of the file has been read, from 0 to 1. */
  readonly onProgress?: (soFar: ImportResult, part: number) => void
}

export interface ImportDeskOptions {
  readonly store: SubscriberStore
  /** Where uploads are kept while they are needed; made when missing. */
  readonly dir: string
  /** The publication’s newsletters, the first of which is the usual one. */
  readonly newsletters: readonly string[]
  readonly clock: Clock
}

/** So many bytes of an upload: two million rows of most systems. */
export const LARGEST_UPLOAD = 256 * 1024 * 1024

/** JSON is read in one piece. */
const LARGEST_JSON = 32 * 1024 * 1024

/** More are not held: the one that was used longest ago goes. */
const MOST_UPLOADS = 4

interface Kept extends Upload {
  readonly file: FileHandle
  /** Made once for each encoding: mappings are tried one after the other. */
  readonly surveys: Map<Encoding, FileSurvey>
}

/** Opens what the uploads of one process are kept with. Whoever opens closes. */
export function openImportDesk({ store, dir, newsletters, clock }: ImportDeskOptions): ImportDesk {
  /** In the order of their last use. */
  const uploads = new Map<string, Kept>()
  let running: string | null = null

  const drop = async (id: string): Promise<void> => {
    const kept = uploads.get(id)
    uploads.delete(id)
    // One that is being read is closed by who reads it.
    if (id !== running) await kept?.file.close()
  }
  const find = (id: string): Kept => {
    const kept = uploads.get(id)
    if (kept === undefined)
      throw new OnrecordError('not-found', 'The file is not here any more.', { hint: 'choose it again' })
    uploads.delete(id)
    uploads.set(id, kept)
    return kept
  }
  const words = ({ map, from }: ImportChoice, { fileName }: Upload): FileWords => ({
    map,
    from,
    name: fileName,
  })

  return {
    async take(bytes, fileName) {
      const file = await openNameless(dir)
      try {
        const written = await writeUpload(file, bytes)
        const id = randomUUID()
        const upload = { id, fileName: plainFileName(fileName), ...written }
        uploads.set(id, { ...upload, file, surveys: new Map() })
        for (const oldest of uploads.keys()) if (uploads.size > MOST_UPLOADS) await drop(oldest)
        return upload
      } catch (error) {
        await file.close()
        throw error
      }
    },

    async look(id, choice) {
      const kept = find(id)
      const encoding = encodingOf(kept, choice)
      const survey = kept.surveys.get(encoding) ?? (await surveyFile(readBack(kept.file), encoding))
      kept.surveys.set(encoding, survey)
      return lookAtFile(readBack(kept.file), { ...words(choice, kept), encoding }, survey)
    },

    async run(id, choice, { dryRun, signal, onProgress }) {
      const kept = find(id)
      if (running !== null)
        throw new OnrecordError('refused', 'Another import is under way.', { hint: 'wait for its end' })
      running = id
      let read = 0
      try {
        const [first = ''] = newsletters
        return await importSubscribers(
          store,
          readBack(kept.file, (length) => (read += length)),
          {
            newsletters,
            newsletter: choice.newsletter ?? first,
            newsletterColumn: choice.newsletter === null,
            tier: choice.tier,
            source: `import:${kept.fileName}`,
            now: clock.now(),
            ...{ map: choice.map, from: choice.from, fileName: kept.fileName },
            encoding: encodingOf(kept, choice),
            dryRun,
            signal,
            onProgress: (soFar) => onProgress?.(soFar, kept.bytes === 0 ? 1 : Math.min(1, read / kept.bytes)),
          },
        )
      } finally {
        running = null
        if (!dryRun || !uploads.has(id)) {
          uploads.delete(id)
          await kept.file.close()
        }
      }
    },

    drop,
    async close() {
      for (const id of uploads.keys()) await drop(id)
    },
  }
}

/** JSON has been written anew, as UTF-8. */
function encodingOf({ format }: Upload, { encoding }: ImportChoice): Encoding {
  return format === 'json' ? 'utf-8' : encoding
}

/** A file that only this process can reach, and that is gone with it: its name is taken away at once. */
async function openNameless(dir: string): Promise<FileHandle> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const name = join(dir, `.upload-${randomUUID()}`)
  const file = await open(name, 'wx+', 0o600)
  await rm(name, { force: true })
  return file
}

async function writeUpload(
  file: FileHandle,
  bytes: AsyncIterable<Uint8Array>,
): Promise<Pick<Upload, 'bytes' | 'format'>> {
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > LARGEST_UPLOAD) throw tooLarge(LARGEST_UPLOAD)
    await file.writeFile(chunk)
  }
  const head = Buffer.alloc(256)
  const { bytesRead } = await file.read(head, 0, head.length, 0)
  if (!looksLikeJson(head.subarray(0, bytesRead))) return { bytes: length, format: 'csv' }
  if (length > LARGEST_JSON) throw tooLarge(LARGEST_JSON)
  const whole: Uint8Array[] = []
  for await (const chunk of readBack(file)) whole.push(chunk)
  const csv = Buffer.from(csvOfJson(Buffer.concat(whole).toString('utf8')))
  await file.truncate(0)
  await file.write(csv, 0, csv.length, 0)
  return { bytes: csv.length, format: 'json' }
}

function tooLarge(most: number): OnrecordError {
  return new OnrecordError('refused', `The file is larger than ${most / 1024 / 1024} MB.`, {
    hint: 'import it with “onrecord subscribers import”, which takes CSV of any size',
  })
}

/** From the beginning, wherever it was read before. */
async function* readBack(
  file: FileHandle,
  onRead: (length: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(64 * 1024), 0, 64 * 1024, at)
    if (bytesRead === 0) return
    at += bytesRead
    onRead(bytesRead)
    yield buffer.subarray(0, bytesRead)
  }
}

/** What a browser says a file is called: its last part, without what could not be shown or kept. */
function plainFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ').trim()
  return plain === '' ? 'upload' : plain.slice(0, 100)
}
