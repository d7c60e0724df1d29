import type { Screen } from './screen.ts'

export const draft: readonly Screen[] = [
  {
    name: 'draft',
    path: '/issue/2025-w46/draft',
    ready: (page) => page.locator('.pane > *:not(.loading)').first().waitFor(),
    also: ['narrow', 'dark'],
  },
]
