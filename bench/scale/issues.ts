import type { Print } from '../send/pairs.ts'
import { measureCosts } from './cost.ts'
import { openScene } from './scene.ts'
import type { Server } from './server.ts'

/** What a message costs after so many issues that the same people got. */
export async function printIssues(
  server: Server,
  folder: string,
  people: number,
  print: Print,
): Promise<void> {
  const number = (value: number): string => Math.round(value).toLocaleString('en-GB')
  print(`\nA message to ${number(people)} people, by issues that they got before\n`)
  print(
    '| issues | rows of deliveries | frozen in s | messages/s | WAL octets | CPU µs of PostgreSQL | longest statement, ms |',
  )
  print('| --- | --- | --- | --- | --- | --- | --- |')
  for (const issues of [1, 10, 50]) {
    const scene = await openScene(server, folder, { people, issues })
    try {
      for (const cost of await measureCosts(scene, [{ workers: 1, share: 0.97 }])) {
        const { ms } = await scene.counted.longest()
        print(
          `| ${[issues, number(people * (issues + 1)), scene.freeze.seconds.toFixed(2), number(cost.messages / cost.seconds), number(cost.wal), number(cost.storeCpu), ms.toFixed(0)].join(' | ')} |`,
        )
      }
    } finally {
      await scene.close()
    }
  }
}
