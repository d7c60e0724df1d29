import { expect, test } from 'vitest'
import { withSiteHere } from '../../src/studio/shown-message.ts'

const html = `<a href="https://brief.example/confirm/abc?x=1">Yes</a> <a HREF='https://brief.example/u/1'>Leave</a>
<a href="https://brief.example.org/confirm/abc">Elsewhere</a> <img src="https://brief.example/images/a.png">`

test('links to the site lead to the one on this machine, and no other address is touched', () => {
  const deps = { baseUrl: 'https://brief.example', siteUrl: 'http://127.0.0.1:4871' }
  expect(withSiteHere(deps, html)).toBe(
    `<a href="http://127.0.0.1:4871/confirm/abc?x=1">Yes</a> <a HREF='http://127.0.0.1:4871/u/1'>Leave</a>
<a href="https://brief.example.org/confirm/abc">Elsewhere</a> <img src="https://brief.example/images/a.png">`,
  )
})

test('without a site here they stay as they are', () => {
  expect(withSiteHere({ baseUrl: 'https://brief.example' }, html)).toBe(html)
})
