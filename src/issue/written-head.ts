import { z } from 'zod'
import { splitFrontmatter } from '../brief/frontmatter.ts'
import type { PublicationFiles } from './files.ts'

/** What an issue's own file says of it; what cannot be read is left out. */
export interface WrittenHead {
  readonly subject?: string
  readonly newsletter?: string
  /** ISO day. */
  readonly date?: string
  readonly status?: 'draft' | 'review' | 'approved'
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

/** Reads the beginning of an issue's file, without reading the issue; null: it has none. */
export async function readWrittenHead(
  files: Pick<PublicationFiles, 'read'>,
  id: string,
): Promise<WrittenHead | null> {
  for (const file of [`briefs/${id}/issue.md`, `briefs/${id}.md`]) {
    const read = await files.read(file, LARGEST)
    if (read.kind === 'bytes') return headOf(file, Buffer.from(read.bytes).toString('utf8'))
  }
  return null
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
