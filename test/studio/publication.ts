import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** A small publication in a folder of its own. */
export interface TestPublication {
  readonly dir: string
  write(file: string, text: string): Promise<void>
  remove(): Promise<void>
}

export const brief = (title: string, body: string): string => `---
title: ${title}
standfirst: What the harbour council decided on Monday, and what it left open.
date: 2025-11-10
subject: ${title}
preheader: What the harbour council decided on Monday, and what it left open.
newsletter: weekly
status: draft
---

${body}
`

/** One issue, `harbour`, in the look and with the settings of the sample publication. */
export async function testPublication(): Promise<TestPublication> {
  const dir = await mkdtemp(join(tmpdir(), 'onrecord-studio-'))
  await cp(join(root, 'templates'), join(dir, 'templates'), { recursive: true })
  await cp(join(root, 'onrecord.yaml'), join(dir, 'onrecord.yaml'))
  await mkdir(join(dir, 'briefs'))
  const write = (file: string, text: string): Promise<void> => writeFile(join(dir, file), text)
  await write('briefs/harbour.md', brief('The quay stays open', 'The council voted on Monday.'))
  return { dir, write, remove: () => rm(dir, { recursive: true, force: true }) }
}
