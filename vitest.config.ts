import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/fixtures/**'],
    globalSetup: ['test/fresh-ui.ts'],
    setupFiles: ['test/seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A browser beside servers on two busy cores now and then misses what a person would have waited for: what fails
    // three times has failed. `FC_SEED` is the same each time, so that no property is tried until it holds.
    retry: 2,
    // Two cores: real servers and a real browser share them with the workers.
    maxWorkers: 2,
    pool: 'forks',
  },
})
