import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { blocks, inOrder } from '../core/finding.ts'
import { tiers } from '../core/tier.ts'
import { keyClaims } from '../desk/key-claims.ts'
import { openDesk } from '../desk/open-desk.ts'
import { buildEditions } from '../email/build.ts'
import { composeMessage } from '../email/compose.ts'
import { sampleRecipient } from '../email/compile.ts'
import type { Edition, Recipient } from '../email/edition.ts'
import { personalise } from '../email/personalise.ts'
import { sourcesAsCsl } from '../issue/sources-document.ts'
import { createImageCache } from '../issue/image-cache.ts'
import { listIssues, loadIssue } from '../issue/load.ts'
import { loadTemplate } from '../render/template.ts'
import { snapshotTexts } from '../sources/snapshot-texts.ts'
import { countOf, printFindings } from './check.ts'
import { exit, type Context, type ExitCode } from './context.ts'

interface BuildCommand {
  readonly issues: readonly string[]
  readonly tier: string | null
  readonly out: string
}

/** `onrecord build [issue…]`: the editions as files. Refuses an issue with an error and goes on with the next. */
export async function run(context: Context, options: BuildCommand): Promise<ExitCode> {
  const { root, publication, baseUrl, dataDir } = context.config()
  const ids = options.issues.length > 0 ? options.issues : listIssues(root)
  const out = resolve(context.cwd, options.out)
  const wanted = tiers.filter((tier) => options.tier === null || tier === options.tier)
  const desk = openDesk(dataDir)
  const results = []
  let refused = false
  for (const id of ids) {
    const loaded = await loadIssue(root, id, publication, {
      imageCache: createImageCache(join(dataDir, 'images')),
      snapshots: snapshotTexts(join(dataDir, 'snapshots')),
    })
    const checked = await desk.check(loaded, publication)
    const template = await loadTemplate(join(root, 'templates', loaded.issue?.template ?? 'weekly'))
    const built = blocks(checked)
      ? { editions: [], findings: [] }
      : await buildEditions(
          { ...loaded, claims: keyClaims(loaded.issue) },
          { publication, baseUrl, template, tiers: wanted },
        )
    const findings = inOrder([...checked, ...built.findings])
    if (blocks(findings)) {
      refused = true
      if (!context.options.json) printFindings(context, id, findings)
      context.note(`${id} is not built: mend the errors above first.`)
      continue
    }
    const editions = []
    for (const edition of built.editions) editions.push({ edition, files: await writeEdition(out, edition) })
    for (const image of loaded.issue?.images.values() ?? []) {
      await writeWhole(join(out, 'images', image.name), image.bytes)
    }
    results.push({
      issue: id,
      editions: editions.map(({ edition, files }) => ({
        tier: edition.tier,
        subject: edition.subject,
        bytes: edition.bytes,
        files,
        hash: edition.hash,
      })),
    })
    if (context.options.json) continue
    if (built.findings.length > 0) printFindings(context, id, built.findings)
    const found = checked.length === 0 ? '' : `  (${countOf(checked)}: “onrecord check ${id}” lists them)`
    context.print(`${id}: ${built.editions[0]?.subject ?? ''}${found}`)
    for (const { edition } of editions) {
      const { html, text, message } = edition.bytes
      context.print(
        `  ${edition.tier.padEnd(10)}  ${kilobytes(message)} a message (HTML ${kilobytes(html)}, text ${kilobytes(text)})`,
      )
    }
    context.print(`  in ${join(out, id)}`)
  }
  if (context.options.json) context.print(JSON.stringify(results, null, 2))
  return refused ? exit.refused : exit.done
}

/** Writes one edition's files as a reader gets them, by default a sample one; the paths by kind. */
export async function writeEdition(
  out: string,
  edition: Edition,
  reader: Recipient = sampleRecipient(edition),
) {
  const stem = join(out, edition.issue, edition.tier)
  const { html, text } = personalise(edition, reader)
  const files = {
    mjml: `${stem}.mjml`,
    html: `${stem}.html`,
    text: `${stem}.txt`,
    eml: `${stem}.eml`,
    web: `${stem}.web.html`,
    sources: `${stem}.sources.json`,
    csl: `${stem}.csl.json`,
  }
  await writeWhole(files.mjml, edition.mjml)
  await writeWhole(files.html, html)
  await writeWhole(files.text, text)
  await writeWhole(files.eml, await composeMessage(edition, reader))
  await writeWhole(files.web, edition.web)
  await writeWhole(files.sources, `${JSON.stringify(edition.sources, null, 2)}\n`)
  await writeWhole(files.csl, `${JSON.stringify(sourcesAsCsl(edition.sources), null, 2)}\n`)
  return files
}

/** A reader of the folder sees the old file or the new one, never a half. */
async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const unfinished = `${file}.${process.pid}.tmp`
  await writeFile(unfinished, content)
  await rename(unfinished, file)
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`
}
