import { openBed, type SiteBed } from './bed.ts'
import { writeTwoIssues } from './two-issues.ts'
import { loggedIn, visit, type Visitor } from './visitor.ts'

/** The site with the two issues published, and a reader of each tier. */
export interface TwoIssueBed extends SiteBed {
  readonly anybody: Visitor
  readonly subscriber: Visitor
  readonly member: Visitor
}

export async function openTwoIssueBed(change: Parameters<typeof openBed>[0] = {}): Promise<TwoIssueBed> {
  const bed = await openBed(change)
  folder ??= writeTwoIssues()
  await bed.publish('one', folder)
  bed.clock.time += 60_000
  await bed.publish('two', folder)
  await bed.person('sub@reader.test')
  await bed.person('member@reader.test', 'member')
  return {
    ...bed,
    anybody: visit(bed),
    subscriber: await loggedIn(bed, 'sub@reader.test'),
    member: await loggedIn(bed, 'member@reader.test'),
  }
}

/** Written once: what is built from it is kept by its name. */
let folder: string | null = null
