import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startServer } from '../../src/cli/start-server.ts'
import type { Builder } from '../../src/studio/preview.ts'
import { createStudio } from '../../src/studio/studio.ts'
import type { Conflict } from '../../src/studio/ui/screens/draft/autosave-state.ts'
import { openClient, type Ask, type DraftClient } from './draft-clients.ts'
import { brief, testPublication } from './publication.ts'

export const draftFile = 'briefs/harbour.md'

export interface Race {
  /** Each edit writes one of its own. */
  readonly tokens: number
  readonly outside: number
  readonly conflicts: number
  readonly reloads: number
  /** Neither on the disk, nor in an editor, nor given up in a question that showed it, nor deleted by hand. */
  readonly lost: readonly string[]
  /** The three texts at the end, when everybody has come to rest; they should be one. */
  readonly texts: readonly string[]
}

/**
 * Two pages and another program write one file at random, by the real autosave, over HTTP, through the real watcher.
 * The other program reads, thinks, and writes: over a rename, in place, or in two halves.
 */
export async function race(seed: number, edits: number): Promise<Race> {
  const { dir, path, ask, close } = await openDraftBed()
  const random = generator(seed)
  const below = (most: number): number => Math.floor(random() * most)

  const deleted = new Set<string>()
  /** Shown in a question, and not in the text that was chosen. */
  const dropped = new Set<string>()
  let conflicts = 0
  let reloads = 0
  let outside = 0
  const onConflict = (): void => {
    conflicts++
  }
  const slots = await Promise.all(
    ['A', 'B'].map(async (name) => {
      const kept = { draft: null }
      const options = { ask, path: draftFile, speed: 30, kept, onConflict }
      return { name, options, client: await openClient(options), deaf: 0, puzzled: 0 }
    }),
  )

  /** A line's end outside of the frontmatter. */
  const place = (text: string): number => {
    const from = text.indexOf('\n---\n') + 6
    const at = text.indexOf('\n', from + below(Math.max(1, text.length - from)))
    return at === -1 ? text.length : at
  }
  const type = (client: DraftClient, token: string): void => {
    const text = client.text()
    const at = place(text)
    client.edit({ changes: { from: at, insert: token }, userEvent: 'input.type' })
    if (below(8) > 0) return
    const from = Math.min(place(text), at)
    const to = Math.min(from + below(30), at)
    for (const gone of tokensOf(text.slice(Math.max(0, from - 12), to + 12))) deleted.add(gone)
    client.edit({ changes: { from, to }, userEvent: 'delete' })
  }
  const choose = (client: DraftClient, conflict: Conflict): void => {
    const theirs = conflict.theirs?.text ?? ''
    const merged = `${theirs}${conflict.mine
      .split('\n')
      .filter((line) => !theirs.includes(line))
      .join('\n')}\n`
    const chosen = [conflict.mine, theirs, merged][below(3)] ?? theirs
    if (!client.autosave.resolve(conflict, chosen)) return
    for (const token of tokensOf(conflict.mine + theirs)) if (!chosen.includes(token)) dropped.add(token)
  }
  /** What another program does meanwhile. */
  let writing: Promise<void> | null = null
  const write = async (token: string): Promise<void> => {
    const before = await readFile(path, 'utf8')
    if (below(2) === 0) await wait(below(50))
    const at = place(before)
    const text = before.slice(0, at) + token + before.slice(at)
    const beside = join(dir, 'briefs/.harbour.md.swp')
    // Each call to the kernel is one, between which anything may happen; but not within the last look of a save
    // and its renaming, which are two calls (save-draft.ts says why).
    switch (below(4)) {
      case 0:
        await writeFile(beside, text)
        return renameSync(beside, path)
      case 1:
        return writeFileSync(path, text)
      default: {
        const file = openSync(path, 'w')
        await wait(below(6))
        writeSync(file, text.slice(0, text.length / 2))
        await wait(below(6))
        writeSync(file, text.slice(text.length / 2))
        return closeSync(file)
      }
    }
  }

  try {
    const tokens: string[] = []
    while (tokens.length < edits) {
      const slot = slots[below(slots.length)]
      if (slot === undefined) break
      const conflict = slot.client.conflict()
      if (conflict !== null) {
        // A person looks at it for a while.
        if (slot.puzzled++ > below(6)) choose(slot.client, conflict)
      } else {
        slot.puzzled = 0
        const token = `⟦${tokens.length}⟧`
        const turn = below(100)
        if (turn < 22 && writing === null) {
          outside++
          tokens.push(token)
          writing = write(token).finally(() => {
            writing = null
          })
        } else if (turn < 24) slot.client.setDeaf(slot.deaf++ % 2 === 0)
        else if (turn < 26) {
          reloads++
          slot.client.autosave.keepNow()
          const memory = slot.client.memory()
          await slot.client.close()
          slot.client = await openClient({ ...slot.options, memory })
        } else {
          tokens.push(token)
          type(slot.client, token)
        }
      }
      // Now and then everybody thinks for a while, so that all is saved.
      if (below(3) > 0) await wait(below(12) === 0 ? 40 : below(9))
    }
    await writing
    const texts = await rest(
      slots.map(({ client }) => client),
      path,
      choose,
    )
    const everything = texts.join('\n')
    const lost = tokens.filter(
      (each) => !everything.includes(each) && !dropped.has(each) && !deleted.has(each),
    )
    return { tokens: tokens.length, outside, conflicts, reloads, lost, texts }
  } finally {
    for (const { client } of slots) await client.close()
    await close()
  }
}

/** The studio over one brief, with nothing built: what is shown is not what this is about. */
export async function openDraftBed() {
  const publication = await testPublication()
  const body = Array.from({ length: 40 }, (_, line) => `Line ${line} of what the council said.`).join('\n\n')
  await publication.write(draftFile, brief('The quay stays open', body))
  const path = join(publication.dir, draftFile)
  const studio = await createStudio({
    root: publication.dir,
    baseUrl: 'https://brief.example.org',
    outboxDir: join(publication.dir, 'data/outbox'),
    imagesDir: join(publication.dir, 'data/images'),
    rehearsal: true,
    stores: () => Promise.reject(new Error('nobody asks for these')),
    builder: idleBuilder,
  })
  const server = await startServer(studio.app.fetch, { port: 0 })
  const ask = await askAsPage(server.url)
  return {
    dir: publication.dir,
    /** Of the brief, which is `draftFile` to the studio. */
    path,
    ask,
    async close() {
      await server.close()
      await studio.close()
      await publication.remove()
    },
  }
}

/** Waits until both pages and the disk have stayed the same for a while. */
async function rest(
  clients: readonly DraftClient[],
  path: string,
  choose: (client: DraftClient, conflict: Conflict) => void,
): Promise<readonly string[]> {
  for (const client of clients) client.setDeaf(false)
  const texts = (): readonly string[] => [readFileSync(path, 'utf8'), ...clients.map((each) => each.text())]
  for (let quiet = 0, before = ''; quiet < 30;) {
    await wait(20)
    for (const client of clients) {
      const conflict = client.conflict()
      if (conflict !== null) choose(client, conflict)
      else await client.autosave.flush()
    }
    const now = texts().join('\0')
    quiet = now === before && clients.every(({ autosave }) => !autosave.unsaved) ? quiet + 1 : 0
    before = now
  }
  return texts()
}

function tokensOf(text: string): readonly string[] {
  return text.match(/⟦\d+⟧/g) ?? []
}

async function askAsPage(url: string): Promise<Ask> {
  const page = await (await fetch(url)).text()
  const token = /name="onrecord-token" content="([^"]+)"/.exec(page)?.[1] ?? ''
  const own = { Origin: url, 'Sec-Fetch-Site': 'same-origin', 'X-Onrecord-Token': token }
  return (path, init = {}) =>
    fetch(url + path, {
      ...init,
      headers: { ...own, ...(init.headers as Record<string, string> | undefined) },
    })
}

/** Mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const idleBuilder: Builder = {
  shelf: async () => ({ issues: ['harbour'], findings: [], publication: null }),
  build: async () => null,
  message: async () => null,
  look: async () => null,
  fixes: async () => [],
  mend: async () => ({ problem: '' }),
  inspect: async () => null,
  forget: async () => null,
  close: async () => undefined,
}
