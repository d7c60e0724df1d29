import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shareBrowser, type Browsing } from '../browser/chromium.ts'
import { openBed, type StudioBed } from './bed.ts'
import { firstLoad } from './first-load.ts'

let bed: StudioBed
let browser: Browsing

beforeAll(async () => {
  bed = await openBed()
  browser = await shareBrowser()
})
afterAll(async () => {
  await browser?.close()
  await bed?.close()
})

test('the first load, with the editor and the preview beside it, is at most 250 kB gzipped', async () => {
  const files = await firstLoad(browser, bed.url, '2025-w46')
  const names = files.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['main.js', 'draft-screen.js', 'preview-screen.js']))
  expect(files.reduce((sum, { gzipped }) => sum + gzipped, 0)).toBeLessThanOrEqual(250_000)
})

test('nothing in the bundle runs text as code, writes HTML from text, or names another machine to load from', () => {
  const dir = join(import.meta.dirname, '../../dist/studio/ui')
  const manifest = readFileSync(join(dir, 'manifest.json'), 'utf8')
  const scripts = readdirSync(dir).filter((name) => name.endsWith('.js') && manifest.includes(name))
  expect(scripts.length).toBeGreaterThan(5)
  for (const name of scripts) {
    const text = readFileSync(join(dir, name), 'utf8')
    expect([name, /\beval\(|new Function\(|document\.write\(/u.exec(text)?.[0] ?? null]).toEqual([name, null])
    expect([name, /\bimport\(["'`]https?:/u.exec(text)?.[0] ?? null]).toEqual([name, null])
  }
  expect(existsSync(join(dir, 'licences.md'))).toBe(true)
})
