import type { Screen } from './screen.ts'

export const outbox: readonly Screen[] = [
  {
    name: 'outbox',
    path: '/outbox',
    ready: (page) => page.locator('h1').first().waitFor(),
    also: ['narrow', 'dark'],
  },
]
