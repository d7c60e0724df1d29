import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createCommits, type Commits } from '../../src/delivery/commits.ts'
import type { Begin, Step } from '../../src/delivery/round.ts'

const begin = (id: number): Begin => ({ id, messageId: `<${id}@x>`, at: 1, keyId: null, address: 'a@x.test' })

/** Commits, and the ids that each of them put on the wire. */
function open(together?: number): { readonly commits: Commits; readonly written: readonly number[][] } {
  const written: number[][] = []
  const advance = async (_: number, steps: readonly Step[]) => {
    written.push(steps.flatMap((step) => step.begin?.id ?? []))
    return steps.map((step) => (step.begin === null ? null : ('begun' as const)))
  }
  return { commits: createCommits({ advance }, 1, together), written }
}

test('lanes that come in turns of their own share a commit once so many are there as were asked for', async () => {
  const { commits, written } = open(3)
  const first = commits.begin(begin(1))
  await turn()
  const second = commits.begin(begin(2))
  // Not the timer alone: the last one ends the wait, and who comes in its turn is taken along.
  const others = [commits.begin(begin(3)), commits.begin(begin(4))]
  expect(await Promise.all([first, second, ...others])).toEqual(['begun', 'begun', 'begun', 'begun'])
  expect(written).toEqual([[1, 2, 3, 4]])
})

test('a lane to which no other comes is written alone, and those after it wait for none', async () => {
  const { commits, written } = open(2)
  await commits.begin(begin(1))
  expect(written).toEqual([[1]])
  const second = commits.begin(begin(2))
  // Two turns: that in which it is planned, and that in which it is written.
  await turn()
  await turn()
  expect(written).toEqual([[1], [2]])
  await second
})

test('who flushes waits for no other lane', async () => {
  const { commits, written } = open(5)
  const begun = commits.begin(begin(1))
  const flushed = commits.flush()
  await turn()
  await turn()
  expect(written).toEqual([[1]])
  await Promise.all([begun, flushed])
})

test('where commits are cheap none waits for another lane', async () => {
  const { commits, written } = open()
  const first = commits.begin(begin(1))
  await turn()
  await turn()
  expect(written).toEqual([[1]])
  await first
})
