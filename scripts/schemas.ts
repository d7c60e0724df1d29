// Writes docs/schemas/*.json from the schemas that the program reads with: node scripts/schemas.ts
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { briefSchema, issueSchema, singleFileSchema } from '../src/brief/schema.ts'
import { publicationSchema } from '../src/core/publication.ts'
import { otherFields, thinFields, waiversSchema } from '../src/sources/entry.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'schemas')

const ledgerSchema = z.array(z.strictObject({ ...thinFields, ...otherFields, waivers: waiversSchema }))

/** Read without regard to case, which a pattern of JSON Schema cannot say. */
const caseless: ReadonlySet<string> = new Set(['lang', 'accent', 'accentDark', 'listId'])

/** The JSON Schema of each kind of file that editors write, by file name. */
export function jsonSchemas(): ReadonlyMap<string, object> {
  return new Map([
    ['publication.json', titled('onrecord.yaml', publicationSchema)],
    ['issue.json', titled('The frontmatter of issue.md', issueSchema)],
    ['brief.json', titled('The frontmatter of a brief', briefSchema)],
    [
      'single-file-issue.json',
      titled('The frontmatter of an issue of one brief in one file', singleFileSchema),
    ],
    ['ledger.json', titled('sources.yaml, the ledger of an issue', ledgerSchema)],
  ])
}

function titled(title: string, schema: z.ZodType): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({ jsonSchema, path }) {
      if (path.at(-1) === 'sources') jsonSchema.items = { $ref: 'ledger.json#/items' }
      // We read every scalar as text, so that `published: 2025` stays what was written; other tools see a number.
      const free =
        jsonSchema.enum === undefined && jsonSchema.pattern === undefined && jsonSchema.format === undefined
      if (jsonSchema.type === 'string' && free) Object.assign(jsonSchema, { type: ['string', 'number'] })
      if (caseless.has(String(path.at(-1))) && jsonSchema.pattern !== undefined) {
        jsonSchema.pattern = jsonSchema.pattern.replace(
          /a-(z|f)(?!A)/g,
          (range, last) => `${range}A-${last.toUpperCase()}`,
        )
      }
      if (path.at(-1) === 'order') Object.assign(jsonSchema, { type: ['string', 'integer'] })
    },
  })
  return { $schema, title, ...rest }
}

if (import.meta.main) {
  mkdirSync(folder, { recursive: true })
  for (const [name, schema] of jsonSchemas()) {
    writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`)
    console.log(`docs/schemas/${name}`)
  }
}
