import type { Screen } from './screen.ts'

export const preview: readonly Screen[] = [
  {
    name: 'preview',
    path: '/issue/2025-w46/preview',
    ready: (page) => page.locator('.frame iframe').first().waitFor(),
    also: ['narrow', 'dark'],
  },
]
