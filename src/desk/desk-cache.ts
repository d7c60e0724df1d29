import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Finding } from '../core/finding.ts'
import { rules, type RuleId } from '../core/rules.ts'

/** What was found in a text when all that the rules look at had the hash `key`. One entry a text. */
export interface DeskCache {
  /** Null where nothing is known for this key. */
  get(name: string, key: string): Promise<readonly Finding[] | null>
  set(name: string, key: string, findings: readonly Finding[]): Promise<void>
}

/** Kept as long as the process lives: for the studio. */
export function memoryCache(): DeskCache {
  const kept = new Map<string, { readonly key: string; readonly findings: readonly Finding[] }>()
  return {
    get: async (name, key) => {
      const entry = kept.get(name)
      return entry?.key === key ? entry.findings : null
    },
    set: async (name, key, findings) => void kept.set(name, { key, findings }),
  }
}

/**
 * Kept in `folder`, a file a text, until a text, what it rests on or the rules' own code changes. What is
 * damaged or cannot be read is not there; what cannot be written is not kept: neither is an error.
 */
export function diskCache(folder: string): DeskCache {
  let code: Promise<string> | null = null
  const keyed = async (key: string): Promise<string> => `${await (code ??= codeVersion())} ${key}`
  const pathOf = (name: string): string => join(folder, `${sha256(name).slice(0, 32)}.json`)
  return {
    async get(name, key) {
      try {
        const entry = entrySchema.parse(JSON.parse(await readFile(pathOf(name), 'utf8')))
        const whole = entry.name === name && entry.key === (await keyed(key))
        return whole && entry.digest === sha256(JSON.stringify(entry.findings)) ? entry.findings : null
      } catch {
        return null
      }
    },
    async set(name, key, findings) {
      const unfinished = join(folder, `.${randomUUID()}.part`)
      const digest = sha256(JSON.stringify(findings))
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(unfinished, JSON.stringify({ name, key: await keyed(key), digest, findings }))
        await rename(unfinished, pathOf(name))
      } catch {
        await rm(unfinished, { force: true }).catch(() => undefined)
      }
    },
  }
}

const count = z.number().int().positive()

const entrySchema = z.object({
  name: z.string(),
  key: z.string(),
  /** SHA-256 of `findings`, in JSON: half a file, or a flipped bit, is no entry. */
  digest: z.string(),
  findings: z.array(
    z.object({
      rule: z.custom<RuleId>((id) => typeof id === 'string' && Object.hasOwn(rules, id)),
      name: z.string(),
      severity: z.enum(['error', 'warning', 'info']),
      file: z.string(),
      line: count,
      column: count,
      endLine: count,
      endColumn: count,
      message: z.string(),
      hint: z.string().nullable(),
      waived: z.string().nullable(),
    }),
  ),
})

/** Changes with every file of the stages that decide what a rule finds. */
async function codeVersion(): Promise<string> {
  const stages = ['core', 'brief', 'sources', 'desk']
  const root = join(import.meta.dirname, '..')
  const names = await Promise.all(
    stages.map(async (stage) => {
      const files = await readdir(join(root, stage), { recursive: true })
      return files.filter((name) => /\.[jt]s$/u.test(name)).map((name) => join(root, stage, name))
    }),
  )
  const seen = await Promise.all(
    names
      .flat()
      .sort()
      .map(async (file) => {
        const { size, mtimeMs } = await stat(file)
        return `${file} ${size} ${mtimeMs}`
      }),
  )
  return sha256(seen.join('\n'))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
