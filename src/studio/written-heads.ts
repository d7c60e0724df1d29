import { z } from 'zod'
import { splitFrontmatter } from '../brief/frontmatter.ts'
import { openFiles } from '../issue/files.ts'
import type { PreviewMeta } from './preview.ts'

/** What an issue's own file says of it, before the issue is built. */
export type WrittenHead = Partial<Pick<PreviewMeta, 'subject' | 'newsletter' | 'date' | 'status'>>

/** Reads the beginnings of files: a list of hundreds of issues is whole at once, and not when all of them are built. */
export interface WrittenHeads {
  /** By their ids; what was read before is not read again. */
  of(issues: readonly string[]): Promise<ReadonlyMap<string, WrittenHead>>
}

/** A longer file is not read for its head. */
const LARGEST = 512 * 1024

const front = z.object({
  title: z.string().optional().catch(undefined),
  subject: z.string().optional().catch(undefined),
  newsletter: z.string().optional().catch(undefined),
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional()
    .catch(undefined),
  status: z.enum(['draft', 'review', 'approved']).optional().catch(undefined),
})

/** @param root the publication's folder */
export function openWrittenHeads(root: string): WrittenHeads {
  const known = new Map<string, WrittenHead>()
  return {
    async of(issues) {
      const missing = issues.filter((id) => !known.has(id))
      if (missing.length > 0) {
        const files = await openFiles(root)
        for (const id of missing) {
          for (const file of [`briefs/${id}/issue.md`, `briefs/${id}.md`]) {
            const read = await files.read(file, LARGEST)
            if (read.kind !== 'bytes') continue
            known.set(id, headOf(file, Buffer.from(read.bytes).toString('utf8')))
            break
          }
        }
      }
      return known
    },
  }
}

function headOf(file: string, text: string): WrittenHead {
  const { yaml } = splitFrontmatter(file, text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n'))
  const read = front.safeParse(yaml?.value)
  if (!read.success) return {}
  const { title, subject = title, newsletter, date, status } = read.data
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(newsletter === undefined ? {} : { newsletter }),
    ...(date === undefined ? {} : { date }),
    ...(status === undefined ? {} : { status }),
  }
}
