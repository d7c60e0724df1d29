import type { Screen } from './screen.ts'

export const issues: readonly Screen[] = [
  {
    name: 'issues',
    path: '/',
    ready: (page) => page.locator('.issue-line .badge:not(.plain)').first().waitFor(),
    also: ['narrow', 'dark'],
  },
]
