import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatEdtf, parseEdtf } from '../brief/edtf.ts'
import type { Publication } from '../core/publication.ts'
import { issueName, nextSlot, nextTime, type Slot } from './cadence.ts'
import { dayIn } from '../core/day.ts'
import { openFiles } from './files.ts'
import { listIssues } from './load.ts'
import { isIssue, writeIssue } from './new-draft.ts'
import { freeName } from './slug.ts'
import { readWrittenHead } from './written-head.ts'

/** Where drafts are made, and by what. */
export interface NextDraftHome {
  /** The publication's folder. */
  readonly root: string
  /** Where it is kept which drafts were opened. */
  readonly dataDir: string
  readonly publication: Pick<Publication, 'timeZone' | 'lang' | 'newsletters'>
}

/** An issue that is on the site. */
export interface GoneOut {
  readonly issue: string
  readonly newsletter: string
  /** ISO day. */
  readonly date: string
}

export interface NextDraft extends Slot {
  readonly issue: string
  /** The paths that were made, relative to the publication. */
  readonly files: readonly string[]
}

/**
 * Opens the draft of a newsletter's next issue once its last one has gone out, dated by the cadence. Once: one that is
 * deleted does not come back, and of several processes one makes it. None while one is there that has not gone out yet.
 *
 * @param goneOut every issue on the site
 * @returns null: nothing is to be made
 */
export async function openNextDraft(
  home: NextDraftHome,
  newsletter: string,
  goneOut: readonly GoneOut[],
  now: number,
): Promise<NextDraft | null> {
  const cadence = home.publication.newsletters[newsletter]?.cadence
  const last = lastOf(newsletter, goneOut)
  if (cadence === undefined || last === null) return null
  const slot = nextSlot(cadence, home.publication.timeZone, now, last.date)
  const out = new Set(goneOut.map(({ issue }) => issue))
  const written = await datesOf(home.root, newsletter, out)
  if (written.some((date) => date >= last.date)) return null
  return claim(home, newsletter, slot) ? make(home, newsletter, slot, { last, title: null }) : null
}

/**
 * The same when somebody asks for it: of the next time that has no issue yet, whatever is waiting and was opened before.
 * @param title null: the newsletter's name and the day
 */
export async function makeNextDraft(
  home: NextDraftHome,
  newsletter: string,
  goneOut: readonly GoneOut[],
  { now, title }: { readonly now: number; readonly title: string | null },
): Promise<NextDraft | null> {
  const { timeZone, newsletters } = home.publication
  const cadence = newsletters[newsletter]?.cadence
  if (cadence === undefined) return null
  const last = lastOf(newsletter, goneOut)
  const taken = await datesOf(home.root, newsletter, new Set())
  let slot = nextSlot(cadence, timeZone, now, last?.date ?? null)
  while (taken.includes(slot.day)) {
    const at = nextTime(cadence, timeZone, slot.at)
    slot = { at, day: dayIn(timeZone, at) }
  }
  claim(home, newsletter, slot)
  return make(home, newsletter, slot, { last, title })
}

/** The one with the latest date; null: none of it has gone out. */
function lastOf(newsletter: string, goneOut: readonly GoneOut[]): GoneOut | null {
  const own = goneOut.filter((each) => each.newsletter === newsletter)
  return own.toSorted((a, b) => (a.date < b.date ? 1 : -1))[0] ?? null
}

/** The days of the newsletter's issues under `briefs/`, but for some. */
async function datesOf(root: string, newsletter: string, but: ReadonlySet<string>): Promise<string[]> {
  const files = await openFiles(root)
  const dates: string[] = []
  for (const id of listIssues(root)) {
    if (but.has(id)) continue
    const head = await readWrittenHead(files, id)
    if (head?.newsletter === newsletter && head.date !== undefined) dates.push(head.date)
  }
  return dates
}

/** @returns false when another process has opened it, or this one before */
function claim({ dataDir }: NextDraftHome, newsletter: string, { day }: Slot): boolean {
  const folder = join(dataDir, 'cadence')
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(join(folder, `${newsletter}-${day}`), '', { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function make(
  { root, publication }: NextDraftHome,
  newsletter: string,
  slot: Slot,
  { last, title }: { readonly last: GoneOut | null; readonly title: string | null },
): NextDraft {
  const settings = publication.newsletters[newsletter]
  if (settings?.cadence === undefined) throw new Error(`${newsletter} has no cadence`)
  const name = issueName(settings.cadence, slot.day, last)
  const isTaken = (id: string): boolean => isIssue(root, id)
  const id = isTaken(name) ? freeName(`${newsletter}-${name}`, isTaken) : name
  const date = parseEdtf(slot.day)
  const day = date === null ? slot.day : formatEdtf(date, settings.lang ?? publication.lang)
  const files = writeIssue(root, {
    ...{ id, newsletter, template: null, day: slot.day },
    title: title ?? `${settings.name}, ${day}`,
  })
  return { ...slot, issue: id, files }
}
