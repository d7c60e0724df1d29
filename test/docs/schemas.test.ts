import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jsonSchemas } from '../../scripts/schemas.ts'

const folder = join(import.meta.dirname, '../../docs/schemas')

test('docs/schemas is what the program’s own schemas say: “node scripts/schemas.ts” writes it again', () => {
  const schemas = jsonSchemas()
  expect(readdirSync(folder).toSorted()).toEqual([...schemas.keys()].toSorted())
  for (const [name, schema] of schemas)
    expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)))
})
