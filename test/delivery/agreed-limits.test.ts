import { expect, test } from 'vitest'
import { agreeOnLimits } from '../../src/delivery/agreed-limits.ts'
import { noLimits, type Limits } from '../../src/delivery/limits.ts'

const server = 'smtp://mx.brief.test:25'
const set = (perSecond: number): Limits => ({ ...noLimits, perSecond })

test('who comes with a stricter limit is heard, and who is gone is forgotten once two looks have missed it', async () => {
  const own = set(100)
  let others = [set(5)]
  let looks = 0
  const said = async () => {
    looks += 1
    return [own, ...others]
  }
  const told: string[] = []
  const found: (number | null)[] = []
  const agreed = await agreeOnLimits({
    ...{ commonLimits: { said }, server, own, now: () => 0, every: 2 },
    onOthers: (says) => told.push(says),
  })
  expect(agreed.limits).toEqual(set(5))
  const looked = async () => {
    const from = looks
    await expect.poll(() => looks, { interval: 1 }).toBeGreaterThan(from + 3)
  }
  agreed.onChange(() => found.push(agreed.limits.perSecond))
  others = []
  await looked()
  expect(found).toEqual([100])
  others = [set(1)]
  await looked()
  expect(found).toEqual([100, 1])
  agreed.end()
  // Once for each that was another.
  expect(told).toEqual([expect.stringContaining('5 elsewhere'), expect.stringContaining('1 elsewhere')])
})

test('one look that misses somebody changes nothing, nor does one that fails', async () => {
  const answers: (readonly Limits[] | null)[] = [[set(5)], [], [set(5)], null, [set(5)]]
  let looks = 0
  const said = async () => {
    const answer = answers[looks++] ?? (looks > answers.length ? [set(5)] : null)
    if (answer === null) throw new Error('it does not answer')
    return answer
  }
  const found: unknown[] = []
  const agreed = await agreeOnLimits({
    ...{ commonLimits: { said }, server, own: set(100), now: () => 0, every: 2 },
  })
  agreed.onChange(() => found.push(agreed.limits))
  await expect.poll(() => looks, { interval: 1 }).toBeGreaterThan(answers.length + 2)
  agreed.end()
  expect(found).toEqual([])
})
