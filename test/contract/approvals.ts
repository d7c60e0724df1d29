import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IssuePart } from '../../src/core/issue-part.ts'
import { partsHash, type ApprovalStore } from '../../src/delivery/approval.ts'

export interface OpenApprovals {
  readonly approvals: ApprovalStore
  readonly clock: { time: number }
  close(): Promise<void>
}

const parts: readonly IssuePart[] = [
  { kind: 'file', name: 'briefs/one.md', hash: 'a' },
  { kind: 'look', name: 'weekly', hash: 'b' },
]
const step = {
  issue: 'one',
  step: 'review',
  parts,
  editions: null,
  by: 'Ada “A.” O’Neill',
  note: null,
} as const
const seen = { public: 'p', subscriber: 's', member: 'm' }

/** What every `ApprovalStore` must do, whatever database is behind it. */
export function approvalsContract(name: string, open: () => Promise<OpenApprovals>): void {
  describe(`approvals on ${name}`, () => {
    let stores: OpenApprovals
    let approvals: ApprovalStore
    beforeEach(async () => {
      stores = await open()
      approvals = stores.approvals
    })
    afterEach(() => stores.close())

    test('is in use from the first step of any issue on', async () => {
      expect(await approvals.isInUse()).toBe(false)
      await approvals.tick({ issue: 'one', source: 'a', hash: '1', by: 'Ada' })
      expect(await approvals.isInUse()).toBe(false)
      await approvals.record(step)
      expect(await approvals.isInUse()).toBe(true)
    })

    test('keeps every step as it was taken, in order, with its time and what it is bound to', async () => {
      stores.clock.time = 5
      const first = await approvals.record(step)
      stores.clock.time = 7
      const second = await approvals.record({
        ...{ ...step, step: 'approved', editions: seen, by: 'Bo', note: 'fine;\nwell done' },
      })
      const third = await approvals.record({ ...step, step: 'draft', by: 'Cy' })
      expect(first).toEqual({ ...step, hash: partsHash(parts), at: 5 })
      expect(second).toMatchObject({ editions: seen, at: 7, note: 'fine;\nwell done' })
      expect(await approvals.steps('one')).toEqual([first, second, third])
      expect(await approvals.steps('two')).toEqual([])
    })

    test('gives the last step of each issue', async () => {
      await approvals.record(step)
      await approvals.record({ ...step, issue: 'two', by: 'Bo' })
      await approvals.record({ ...step, step: 'approved', editions: seen })
      const last = await approvals.lastSteps()
      expect([...last].map(([issue, each]) => [issue, each.step, each.by])).toEqual([
        ['one', 'approved', step.by],
        ['two', 'review', 'Bo'],
      ])
    })

    test('keeps the last tick of each source, until it is taken off', async () => {
      stores.clock.time = 3
      const tick = { issue: 'one', source: 'a', hash: '1', by: 'Ada' }
      expect(await approvals.tick(tick)).toEqual({ ...tick, at: 3 })
      await approvals.tick({ ...tick, hash: '2', by: 'Bo' })
      await approvals.tick({ ...tick, source: 'b' })
      await approvals.tick({ ...tick, issue: 'two' })
      const ticked = async () =>
        (await approvals.ticks('one')).map(({ source, hash, by }) => `${source} ${hash} ${by}`)
      expect(await ticked()).toEqual(['a 2 Bo', 'b 1 Ada'])
      await approvals.untick({ issue: 'one', source: 'a', by: 'Cy' })
      await approvals.untick({ issue: 'one', source: 'never', by: 'Cy' })
      expect(await ticked()).toEqual(['b 1 Ada'])
      await approvals.tick(tick)
      expect(await ticked()).toEqual(['a 1 Ada', 'b 1 Ada'])
    })
  })
}
