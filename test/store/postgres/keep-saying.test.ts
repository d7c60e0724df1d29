import { expect, test } from 'vitest'
import { keepSaying } from '../../../src/store/postgres/keep-saying.ts'

test('what was said is taken back, but not where the database is away: whoever ends does not wait for it twice', async () => {
  for (const isAway of [false, true]) {
    const asked: string[] = []
    const run = async (sql: string) => {
      asked.push(sql)
      if (isAway && asked.length > 1) throw new Error('it does not answer')
      return 1
    }
    const said = await keepSaying({ run }, { say: 'here', leave: 'gone', values: ['one'], beat: 1 })
    await expect.poll(() => asked.length, { interval: 1 }).toBeGreaterThan(2)
    await said.release()
    expect(asked.includes('gone')).toBe(!isAway)
  }
})
