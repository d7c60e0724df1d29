import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { IssuePart } from '../../src/core/issue-part.ts'
import { partChanges, partsHash, standingOf, tickOf, type ApprovalStep } from '../../src/delivery/approval.ts'

const part = fc.record({
  kind: fc.constantFrom('file', 'source', 'image', 'look', 'setting'),
  name: fc.constantFrom('a', 'b', 'c'),
  hash: fc.constantFrom('1', '2'),
}) as fc.Arbitrary<IssuePart>
const parts = fc.uniqueArray(part, { selector: ({ kind, name }) => `${kind} ${name}`, maxLength: 8 })

test('the hash is that of the parts, in whatever order they are, and changes exactly where a part does', () => {
  fc.assert(
    fc.property(parts, parts, (before, now) => {
      expect(partsHash(before.toReversed())).toBe(partsHash(before))
      expect(partChanges(before, before)).toEqual([])
      expect(partsHash(before) === partsHash(now)).toBe(partChanges(before, now).length === 0)
    }),
    { numRuns: 500 },
  )
})

const one: IssuePart = { kind: 'file', name: 'one.md', hash: '1' }
const look: IssuePart = { kind: 'look', name: 'weekly', hash: '1' }
const approved: ApprovalStep = {
  ...{ issue: 'w1', step: 'approved', hash: partsHash([one, look]), parts: [one, look] },
  ...{ editions: { public: 'p', subscriber: 's', member: 'm' }, by: 'Ada', at: 1, note: null },
}
const issue = { id: 'w1', written: 'approved', parts: [look, one] } as const

test('what changed is named: another content, what came, what went', () => {
  const now: IssuePart[] = [
    { ...one, hash: '2' },
    { kind: 'source', name: 'cna', hash: '1' },
  ]
  expect(partChanges([one, look], now)).toEqual([
    { kind: 'file', name: 'one.md', how: 'changed' },
    { kind: 'source', name: 'cna', how: 'added' },
    { kind: 'look', name: 'weekly', how: 'removed' },
  ])
})

test('without any record the frontmatter decides', () => {
  for (const written of ['draft', 'review', 'approved'] as const)
    expect(standingOf({ ...issue, written }, { inUse: false, last: null })).toMatchObject({
      state: written,
      decidedBy: 'frontmatter',
    })
})

test('once there is a record, the frontmatter approves nothing', () => {
  const of = (written: 'draft' | 'review' | 'approved', last: ApprovalStep | null) =>
    standingOf({ ...issue, written }, { inUse: true, last }).state
  expect(of('approved', null)).toBe('draft')
  expect(of('review', null)).toBe('review')
  expect(of('draft', approved)).toBe('approved')
  expect(of('approved', { ...approved, step: 'draft' })).toBe('draft')
  expect(of('approved', { ...approved, step: 'review' })).toBe('review')
})

test('any change voids an approval, and putting it back brings the approval back', () => {
  const changed = [{ ...one, hash: '2' }, look]
  expect(standingOf({ ...issue, parts: changed }, { inUse: true, last: approved })).toMatchObject({
    state: 'void',
    approval: { by: 'Ada' },
    changes: [{ kind: 'file', name: 'one.md', how: 'changed' }],
  })
  expect(standingOf({ ...issue, parts: null }, { inUse: true, last: approved }).state).toBe('void')
  expect(standingOf(issue, { inUse: true, last: approved }).state).toBe('approved')
})

test('a tick stands while its source and what is cited are as they were', () => {
  const tick = { issue: 'w1', source: 'cna', hash: '1', by: 'Ada', at: 1 }
  expect(tickOf({ id: 'cna', hash: '1' }, [tick])).toEqual({ tick, stale: false })
  expect(tickOf({ id: 'cna', hash: '2' }, [tick])).toEqual({ tick, stale: true })
  expect(tickOf({ id: 'dawn', hash: '1' }, [tick])).toBe(null)
})
