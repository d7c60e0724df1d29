// Writes src/email/compat/data/caniemail.json again from the npm package that carries caniemail's data:
//   npm pack caniemail && node scripts/vendor-caniemail.ts caniemail-2.0.2.tgz
// A folder with the unpacked package will do as well. Only the features that the studio can find in a
// mail are kept, and of each client its newest tested version.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { mailClients } from '../src/core/mail-clients.ts'
import { notices } from '../src/email/compat/notices.ts'

const [from = ''] = process.argv.slice(2)
if (from === '') throw new Error('Name the package: node scripts/vendor-caniemail.ts caniemail-2.0.2.tgz')
const target = join(import.meta.dirname, '../src/email/compat/data/caniemail.json')

/** Outlook for macOS was counted by years before it was by versions. */
const years: Readonly<Record<string, string>> = { '2011': '14', '2016': '15' }

const stats = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string())))
const source = z.object({
  last_update_date: z.string(),
  data: z.array(
    z.object({
      slug: z.string(),
      title: z.string(),
      url: z.string(),
      stats,
      notes_by_num: z.record(z.string(), z.string()).nullable(),
    }),
  ),
})
const manifest = z.object({ name: z.string(), version: z.string() })

const unpacked = mkdtempSync(join(tmpdir(), 'onrecord-caniemail-'))
try {
  const isFolder = statSync(from).isDirectory()
  if (!isFolder) execFileSync('tar', ['xzf', from, '-C', unpacked])
  const folder = isFolder ? from : join(unpacked, 'package')
  const { name, version } = manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  const all = source.parse(JSON.parse(readFileSync(join(folder, 'data/caniemail.json'), 'utf8')))
  const wanted = new Set<string>(Object.values(notices).map(({ slug }) => slug))
  const features = all.data
    .filter(({ slug }) => wanted.delete(slug))
    .map((feature) => [feature.slug, trimmed(feature)] as const)
  if (wanted.size > 0) throw new Error(`caniemail has no ${[...wanted].join(', ')}`)
  const data = {
    about:
      'Support of HTML, CSS and images in mail programs, from caniemail.com by Rémi Parmentier and contributors.',
    source: `https://www.caniemail.com/api/data.json, as in the npm package ${name} ${version}`,
    updated: all.last_update_date.slice(0, 10),
    // In the file itself, so that it goes wherever the data goes.
    licence: readFileSync(join(import.meta.dirname, '../src/email/compat/data/LICENSE'), 'utf8'),
    features: Object.fromEntries(features.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
  // A line for each feature, so that a newer version reads as a list of changes.
  const text = JSON.stringify(data, null, 1).replace(
    /^ {2}"(?:[^"]+)": \{\n[^]*?^ {2}\}/gm,
    (feature) => `  ${JSON.stringify(JSON.parse(`{${feature}}`)).slice(1, -1)}`,
  )
  writeFileSync(target, `${text}\n`)
} finally {
  rmSync(unpacked, { recursive: true, force: true })
}

function trimmed({ title, url, stats: all, notes_by_num: notes }: z.infer<typeof source>['data'][number]) {
  const support: Record<string, string> = {}
  for (const [id, { family, platform }] of Object.entries(mailClients)) {
    const tested =
      all[family]?.[platform] ?? (family === 'thunderbird' ? all[family]?.['windows'] : undefined)
    const newest = Object.keys(tested ?? {})
      .toSorted(byVersion)
      .at(-1)
    const value = newest === undefined ? undefined : tested?.[newest]
    if (value !== undefined) support[id] = `${newest} ${value}`
  }
  const used = new Set(Object.values(support).flatMap((value) => value.match(/(?<=#)\d+/g) ?? []))
  const kept = Object.entries(notes ?? {}).filter(([number]) => used.has(number))
  return {
    title,
    url,
    support,
    notes: Object.fromEntries(kept.map(([number, note]) => [number, plain(note)])),
  }
}

/** A note without its Markdown. */
function plain(note: string): string {
  return note
    .replace(/\s*\(?See \[[^\]]*\]\([^)]*\)\)?\.?/gi, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
    .trim()
}

/** By the numbers in them: `2019`, `2024-04`, `6.1.31.2`. */
function byVersion(a: string, b: string): number {
  const isMixed = Math.min(Number.parseFloat(a), Number.parseFloat(b)) < 100
  const [left, right] = [a, b].map(
    (text) => ((isMixed && years[text]) || text).match(/\d+/g)?.map(Number) ?? [],
  )
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
