import type { Screen } from './screen.ts'

export const check: readonly Screen[] = [
  {
    name: 'check',
    path: '/issue/2025-w46/check',
    ready: (page) => page.locator('.finding').first().waitFor(),
    also: ['narrow', 'dark'],
  },
]
