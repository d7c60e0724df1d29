import type { Screen } from './screen.ts'

const rows = [
  'E-mail,Given name,Family name,Plan,Signed up,Notes',
  'nina@post.example,Nina,Núñez,member,2024-03-01,met in Istanbul',
  'otto@post.example,Otto,Okafor,free,2024-05-12,',
  'not an address,Who,Ever,free,2024-06-01,',
  'reader7@example.org,Reader,Seven,free,2023-01-09,',
  'ugo@mail.example,Ugo,Uno,gold,2024-07-30,',
]

export const people: readonly Screen[] = [
  {
    name: 'people',
    path: '/people',
    ready: (page) => page.locator('.people-address').nth(10).waitFor(),
    also: ['narrow', 'dark'],
  },
  {
    name: 'person',
    path: '/people',
    async ready(page) {
      await page.locator('.people-address').nth(2).click()
      await page.getByRole('heading', { name: 'What they were sent' }).waitFor()
    },
    also: ['narrow'],
  },
  {
    name: 'import',
    path: '/people/import',
    async ready(page) {
      const buffer = Buffer.from(rows.join('\n'))
      await page.locator('input[type=file]').setInputFiles({ name: 'crm.csv', mimeType: 'text/csv', buffer })
      await page.getByRole('button', { name: 'Try it' }).click()
      await page.getByText('would be refused').waitFor()
    },
    also: ['narrow'],
  },
]
