import { readdir, realpath } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import type { Root } from 'mdast'
import { parseBrief, parseIssueFile, parseSingleFile } from '../brief/parse.ts'
import { plainText } from '../brief/plain-text.ts'
import { OnrecordError } from '../core/errors.ts'
import { listIssues } from '../issue/load.ts'
import type { DraftConflict, DraftFile, DraftText, SaveRequest, Saved } from './contract/draft.ts'
import { decodeDraft, encodeDraft } from './draft-text.ts'
import { readSettled, removeBrokenOff, versionOf, writeOver } from './save-draft.ts'

/** The editors' files of a publication: the texts of `briefs/`, and nothing else of the disk. */
export interface EditorsFiles {
  /** The issue's own file first, then its briefs in reading order, then its ledger; null: there is no such issue. */
  list(issue: string): Promise<readonly DraftFile[] | null>
  /** @throws OnrecordError `not-found`, `refused` for what is no text or lies elsewhere */
  read(path: string): Promise<DraftText>
  /**
   * Writes the file if it still is the version that the text was made from; a conflict has written nothing.
   *
   * @throws OnrecordError as `read`; `io`
   */
  save(request: SaveRequest): Promise<Saved | DraftConflict>
  /**
   * Called with what another program may have written: pages are told of it if they were not. Whether it is only what
   * was written here moments ago, of which the library knows; should it turn out to be more, `onSave` says so.
   */
  changed(paths: readonly string[]): boolean
}

/** As an open page is told (contract/events.ts). */
export interface FileChange {
  readonly what: 'file'
  readonly path: string
  readonly hash: string | null
  readonly base: string | null
}

export interface DraftFilesOptions {
  readonly root: string
  readonly tell: (change: FileChange) => void
  /** Told of an issue as soon as a file of it is written here. */
  readonly onSave: (issue: string) => void
}

/** What can be read is a megabyte (brief/source-text.ts); no more is written. */
const MOST_BYTES = 1024 * 1024

/** For how long after a save the watcher's word of it is known to be that. */
const ECHO_MS = 2_000

export function openDraftFiles({ root, tell, onSave }: DraftFilesOptions): EditorsFiles {
  const told = new Map<string, string | null>()
  const own = new Map<string, { readonly hash: string; readonly at: number }>()
  const turns = new Map<string, Promise<void>>()
  const about = new Map<string, Pick<DraftFile, 'hash' | 'title' | 'words'>>()

  /** One after the other, for each file. */
  const inTurn = <T>(path: string, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(path) ?? Promise.resolve()).then(work)
    const ended: Promise<void> = turn
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        if (turns.get(path) === ended) turns.delete(path)
      })
    turns.set(path, ended)
    return turn
  }

  const say = (path: string, hash: string | null, base: string | null): void => {
    if (told.get(path) === hash) return
    told.set(path, hash)
    tell({ what: 'file', path, hash, base })
  }

  /** Where a listed file is; null: it may be made, but is not there. */
  const placeOf = async (path: string): Promise<{ readonly issue: string; readonly real: string | null }> => {
    const issue = issueOf(root, path) ?? missing(path)
    const briefs = await realpath(join(root, 'briefs'))
    const real = await realpath(join(root, path)).catch(() => null)
    const folder = real ?? (await realpath(join(root, path, '..')).catch(() => null))
    const isWithin = folder === briefs || folder?.startsWith(briefs + sep) === true
    if (!isWithin || briefs !== join(await realpath(root), 'briefs')) {
      throw new OnrecordError('refused', `${path} is a link that leads out of briefs/.`, {
        hint: 'Copy the file there.',
      })
    }
    return { issue, real }
  }

  const read = async (path: string): Promise<Uint8Array | null> => {
    const { real } = await placeOf(path)
    return real === null ? null : await readSettled(real)
  }

  const write = async (
    path: string,
    bytes: Uint8Array,
    over: Uint8Array | null,
    base: string | null,
  ): Promise<boolean> => {
    const { issue, real } = await placeOf(path)
    const onLate = (late: Uint8Array): void => void takeLate(path, late).catch(() => undefined)
    const hash = versionOf(bytes)
    // The watcher may be faster than the call comes back.
    const before = own.get(path)
    own.set(path, { hash, at: Date.now() })
    if ((await writeOver(real ?? join(root, path), bytes, { over, onLate })) === 'changed') {
      if (before === undefined) own.delete(path)
      else own.set(path, before)
      return false
    }
    onSave(issue)
    say(path, hash, base)
    return true
  }

  /** A program wrote into the file that ours replaced: it meant to write what is there now. */
  const takeLate = (path: string, late: Uint8Array): Promise<void> =>
    inTurn(path, async () => {
      const now = await read(path)
      if (now === null || own.get(path)?.hash !== versionOf(now)) return
      await write(path, late, now, null)
    })

  return {
    async list(issue) {
      // Of a folder that is a link to elsewhere, nothing.
      await placeOf(`briefs/${issue}/issue.md`)
        .then(() => removeBrokenOff(join(root, 'briefs', issue)))
        .catch(() => undefined)
      const names = await namesOf(root, issue)
      if (names === null) return null
      const files = await Promise.all(
        names.map(async ({ path, kind }): Promise<DraftFile & { readonly order: number }> => {
          const bytes = await read(path).catch(() => null)
          const hash = bytes && versionOf(bytes)
          const known = about.get(path)
          const facts = known?.hash === hash ? known : { hash, ...factsOf(path, kind, bytes) }
          about.set(path, facts)
          return { path, kind, ...facts, order: Reflect.get(facts, 'order') ?? Infinity }
        }),
      )
      const own = files.find(({ kind }) => kind === 'issue')?.path ?? ''
      return inReadingOrder(files, listedBriefs(await read(own).catch(() => null)))
    },
    async read(path) {
      const bytes = (await read(path)) ?? missing(path)
      const hash = versionOf(bytes)
      if (!told.has(path)) told.set(path, hash)
      return { path, text: decodeDraft(path, bytes).text, hash }
    },
    save: ({ path, text, base }) =>
      inTurn(path, async () => {
        for (let attempt = 0; ; attempt++) {
          const current = await read(path)
          const hash = current && versionOf(current)
          if (hash !== base) return conflict(path, text, current)
          const bytes = encodeDraft(text, current)
          if (bytes.length > MOST_BYTES) {
            throw new OnrecordError('usage', `${path} would have ${bytes.length} bytes; the limit is 1 MB.`, {
              hint: 'Split it, or move images out of it.',
            })
          }
          if (current !== null && Buffer.compare(bytes, current) === 0) return { path, hash: hash ?? '' }
          if (await write(path, bytes, current, base)) return { path, hash: versionOf(bytes) }
          // It became another while it was written; the next look says which. A storm of changes is one, too.
          if (attempt > 4) return conflict(path, text, await read(path))
        }
      }),
    changed(paths) {
      const isEcho = paths.every((path) => {
        const { hash, at } = own.get(path) ?? { hash: '', at: 0 }
        return Date.now() - at < ECHO_MS && (told.get(path) === hash || turns.has(path))
      })
      for (const path of paths) {
        const issue = issueOf(root, path)
        // A file that is gone may have been its issue's only one.
        if (issue === null && !told.has(path)) continue
        // After the saves that are under way, so that their own words come first.
        void inTurn(path, async () => {
          const bytes = issue === null ? null : await read(path).catch(() => null)
          const hash = bytes && versionOf(bytes)
          if (told.get(path) === hash) return
          say(path, hash, null)
          if (isEcho && issue !== null) onSave(issue)
        })
      }
      return isEcho
    },
  }
}

function conflict(path: string, mine: string, bytes: Uint8Array | null): DraftConflict {
  return {
    path,
    mine,
    theirs: bytes && { text: decodeDraft(path, bytes).text, hash: versionOf(bytes) },
  }
}

/** The issue whose file `path` is, or would be if it is made; null: no editor's file. */
function issueOf(root: string, path: string): string | null {
  const [, issue, name] = /^briefs\/([a-z0-9][a-z0-9-]*)(?:\.md|\/([^/\\\0]+))$/u.exec(path) ?? []
  if (issue === undefined || !listIssues(root).includes(issue)) return null
  return name === undefined || kindOf(name) !== null ? issue : null
}

function kindOf(name: string): DraftFile['kind'] | null {
  if (name === 'sources.yaml') return 'ledger'
  if (!name.endsWith('.md') || name.startsWith('.')) return null
  return name === 'issue.md' ? 'issue' : 'brief'
}

type Named = Pick<DraftFile, 'path' | 'kind'>

async function namesOf(root: string, issue: string): Promise<readonly Named[] | null> {
  if (!listIssues(root).includes(issue)) return null
  const folder = `briefs/${issue}`
  const names: readonly string[] = await readdir(join(root, folder)).catch(() => [])
  if (!names.includes('issue.md')) return [{ path: `${folder}.md`, kind: 'issue' }]
  return names.toSorted().flatMap((name) => {
    const kind = kindOf(name)
    return kind === null ? [] : [{ path: `${folder}/${name}`, kind }]
  })
}

const ranks = { issue: 0, brief: 1, ledger: 2 } as const

function inReadingOrder(
  files: readonly (DraftFile & { readonly order: number })[],
  listed: readonly string[] | null,
): readonly DraftFile[] {
  const rank = ({ path, order }: (typeof files)[number]): number => {
    const at = listed?.indexOf(basename(path, '.md')) ?? -1
    return listed === null ? order : at === -1 ? Infinity : at
  }
  return files
    .toSorted((a, b) => ranks[a.kind] - ranks[b.kind] || compare(rank(a), rank(b)) || compare(a.path, b.path))
    .map(({ path, kind, title, hash, words }) => ({ path, kind, title, hash, words }))
}

function compare<T extends string | number>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function listedBriefs(bytes: Uint8Array | null): readonly string[] | null {
  return bytes === null ? null : (parseIssueFile('', '', bytes).value?.meta.briefs ?? null)
}

/** Title, words and place of a file, as far as it can be read. */
function factsOf(
  path: string,
  kind: DraftFile['kind'],
  bytes: Uint8Array | null,
): { readonly title: string; readonly words: number | null; readonly order?: number } {
  const unknown = { title: basename(path), words: null }
  if (bytes === null || kind === 'ledger') return unknown
  if (kind === 'brief') {
    const { value } = parseBrief(path, bytes)
    if (value === null) return unknown
    return { title: value.meta.title, words: wordsOf(value.body), order: value.meta.order ?? Infinity }
  }
  if (basename(path) === 'issue.md') {
    const { value } = parseIssueFile(path, '', bytes)
    return value === null ? unknown : { title: value.meta.subject, words: wordsOf(value.note) }
  }
  const { value } = parseSingleFile(path, bytes)
  return value === null ? unknown : { title: value.brief.meta.title, words: wordsOf(value.brief.body) }
}

/** As the issue's words are counted (build-preview.ts): what a reader reads of the body. */
function wordsOf(body: Root): number {
  return plainText(body)
    .split(/\s+/)
    .filter((word) => word !== '').length
}

function missing(path: string): never {
  throw new OnrecordError('not-found', `There is no file ${path}.`, {
    hint: 'It may have been renamed or removed.',
  })
}
