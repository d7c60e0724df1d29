import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { finding, type Finding } from '../core/finding.ts'
import { parseWith } from '../core/schema.ts'
import { parseYaml } from '../core/yaml.ts'

/** `look.yaml`; the name of a folder beside the look's own, so that none leads out of `templates/`. */
const lookFile = z.strictObject({
  extends: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]*$/, 'must be the name of a folder beside this one, such as weekly'),
})

/**
 * The folders that a look is read from, the nearest first: its own, and those that it and its bases
 * name as `extends` in their `look.yaml`. What is wrong (a mistake in the file, a folder that is not
 * there, a circle) is added to `findings`, and the list ends there.
 */
export async function lookFolders(dir: string, findings: Finding[]): Promise<readonly string[]> {
  const folders: string[] = []
  let next: string | null = dir
  while (next !== null) {
    folders.push(next)
    next = await baseOf(next, folders, findings)
  }
  return folders
}

async function baseOf(dir: string, seen: readonly string[], findings: Finding[]): Promise<string | null> {
  const text = await readFile(join(dir, 'look.yaml'), 'utf8').catch(() => null)
  if (text === null) return null
  const file = `templates/${basename(dir)}/look.yaml`
  const yaml = parseYaml(text, file)
  const read = parseWith(lookFile, yaml)
  findings.push(...read.findings)
  if (read.value === null) return null
  const name = read.value.extends
  const base = join(dirname(dir), name)
  const wrong = seen.includes(base)
    ? `These looks extend each other in a circle: ${[...seen, base].map((each) => basename(each)).join(' → ')}.`
    : (await isFolder(base))
      ? null
      : `The look “${name}”, which this one extends, is not under templates/.`
  if (wrong === null) return base
  findings.push(finding('DC816', yaml.at(['extends']), wrong))
  return null
}

async function isFolder(dir: string): Promise<boolean> {
  return (await readdir(dir).catch(() => null)) !== null
}
