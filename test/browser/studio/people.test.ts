import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPerson, sendSample } from '../../studio/sent.ts'
import { axe, noScriptRan, openBrowserBed, widths, type BrowserBed } from './bed.ts'

const hostile = `<img src=x onerror="ran('name')">`

let bed: BrowserBed
beforeAll(async () => {
  bed = await openBrowserBed()
  await addPerson(bed, 'ada@mail.example', { name: 'Ada Lovelace', tier: 'member' })
  await addPerson(bed, 'bo@mail.example', { name: hostile })
  await sendSample(bed)
  for (let at = 1; at <= 60; at++) await addPerson(bed, `reader${at}@post.example`)
}, 120_000)
afterAll(() => bed.close())

test.each(widths)(
  'the list and a person can be read, and axe finds nothing serious, at %i px',
  async (width) => {
    const page = await bed.open('/people', { width })
    await page.getByText('62 people.').waitFor()
    await page.getByRole('link', { name: 'reader60@post.example' }).waitFor()
    await axe(page)
    await page.getByLabel('Search people').fill('love')
    await page.getByRole('link', { name: 'ada@mail.example' }).click()
    await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor()
    await page.getByText('A rehearsal: it went to the outbox').waitFor()
    await axe(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await axe(page)
    // Nothing personal stands in an address or in the browser's history.
    expect(page.url()).not.toMatch(/ada|love/i)
    expect(await page.title()).not.toMatch(/ada|love/i)
    await page.close()
  },
  60_000,
)

test.each(widths)(
  'what exactly somebody received is shown, at %i px',
  async (width) => {
    const page = await bed.open('/people', { width })
    const watch = await noScriptRan(page)
    await page.getByLabel('Search people').fill('bo@')
    await page.getByRole('link', { name: 'bo@mail.example' }).press('Enter')
    await page.getByRole('heading', { level: 1, name: hostile }).waitFor()
    await page.getByRole('button', { name: /^What they received/ }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'What they received' })
    await dialog.getByText('Exactly what was sent, byte for byte').waitFor()
    await page.frameLocator('iframe').getByText('Talks end in Istanbul').first().waitFor()
    await axe(page)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('What they received')
    watch.check()
    await page.close()
  },
  60_000,
)

test('more people are a key away: j and the end of the list', async () => {
  const page = await bed.open('/people')
  await page.getByRole('link', { name: 'reader60@post.example' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowDown')
  await page.getByRole('link', { name: 'ada@mail.example' }).waitFor()
  await page.close()
}, 60_000)

/** Who was erased is not added again: each attempt has an address of its own. */
let attempts = 0

test('a person is added, changed and erased with the typed address, by keyboard alone', async () => {
  const address = `eve${++attempts}@mail.example`
  const page = await bed.open('/people')
  await page.getByRole('button', { name: 'Add a person' }).press('Enter')
  await page.getByLabel('Address').press('e')
  await page.keyboard.type(address.slice(1))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: address }).waitFor()
  await page.getByRole('button', { name: 'Change', exact: true }).press('Enter')
  await page.getByLabel('Name').press('E')
  await page.keyboard.type('ve')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Eve', exact: true }).waitFor()
  // The page behind a dialog hears no key: Enter would go to the dialog that is still there.
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Unsubscribe from Weekly' }).press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Unsubscribe', exact: true }).press('Enter')
  await page.getByText('They unsubscribed: no issue goes to them.').waitFor()
  await page.getByRole('button', { name: 'Erase …' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Type their address').press('x')
  await page.keyboard.press('Enter')
  await dialog.getByText('That is not their address').waitFor()
  await axe(page)
  await dialog.getByLabel('Type their address').fill(address)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'They are erased' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { level: 1, name: 'People' }).waitFor()
  await page.getByLabel('Search people').fill(address)
  await page.getByText('Nobody matches').waitFor()
  await page.close()
}, 60_000)

const messy = [
  'Contact;First name;Last name;Level;Notes',
  'NINA@Post.example;Nina;"Núñez; Müller";paid;x',
  'not an address;Who;Ever;free;',
  `otto@post.example;${hostile};Otto;free;`,
].join('\r\n')

test.each(widths)(
  'a messy file is mapped, tried and imported, at %i px',
  async (width) => {
    const page = await bed.open('/people', { width })
    const watch = await noScriptRan(page)
    await page.getByRole('button', { name: 'Import …' }).press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Import people' }).waitFor()
    await axe(page)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'crm.csv', mimeType: 'text/csv', buffer: Buffer.from(messy) })
    await page.getByRole('heading', { name: 'crm.csv' }).waitFor()
    const attempt = page.getByRole('button', { name: 'Try it' })
    expect(await attempt.isDisabled()).toBe(true)
    // The answer to an older choice never comes: that to the newest one is what is shown.
    await page.route(/\/look$/, () => undefined, { times: 1 })
    const given = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/look'))
    await page.getByLabel('What “Contact” holds').selectOption('address')
    await page.getByLabel('What “Level” holds').selectOption('tier')
    await given
    await expect.poll(() => attempt.isEnabled()).toBe(true)
    await attempt.press('Enter')
    await page.getByText('The address holds a space.').waitFor()
    await axe(page)
    // Another choice asks for another trial.
    const bring = page.getByRole('button', { name: 'Import', exact: true })
    expect(await bring.isEnabled()).toBe(true)
    await page.getByLabel('Tier', { exact: true }).selectOption('member')
    await expect.poll(() => bring.isDisabled()).toBe(true)
    // What the trial before came to does not count until the new one is heard of.
    const hold = Promise.withResolvers<void>()
    const state = (url: URL): boolean => url.pathname === '/api/people/import'
    await page.route(state, async (route) => {
      await hold.promise
      await route.continue()
    })
    const begun = page.waitForResponse((answer) => answer.url().endsWith('/run'))
    await expect.poll(() => attempt.isEnabled()).toBe(true)
    await attempt.press('Enter')
    await (await begun).finished()
    await page.evaluate('new Promise((done) => setTimeout(done, 100))')
    expect(await bring.isDisabled()).toBe(true)
    hold.resolve()
    await expect.poll(() => bring.isEnabled()).toBe(true)
    await page.unroute(state)
    await bring.press('Enter')
    await page.getByText(/^Done: /).waitFor()
    await page.getByRole('link', { name: 'See the people' }).press('Enter')
    await page.getByRole('link', { name: 'NINA@post.example' }).waitFor()
    watch.check()
    await page.close()
  },
  60_000,
)
