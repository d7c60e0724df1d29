import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest: a browser, processes that are killed, commands. */
const heavy = ['test/browser/', 'test/faults/', 'test/cli/', 'test/studio/', 'test/store/postgres/']

/** Begins with what takes longest, so that no worker is left alone with it at the end. */
class HeavyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = heavy.findIndex((folder) => moduleId.includes(`/${folder}`))
      return found === -1 ? heavy.length : found
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/fixtures/**'],
    globalSetup: ['test/fresh-ui.ts'],
    setupFiles: ['test/seed.ts'],
    // What comes is not waited for: these are for a machine that has much else to do.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    sequence: { sequencer: HeavyFirst },
    // Two cores: real servers and a real browser share them with the workers.
    maxWorkers: 2,
    pool: 'forks',
    // A module keeps nothing that a test could see, so that each worker loads it, and starts a browser, once.
    isolate: false,
  },
})
