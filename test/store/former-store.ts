import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migrations } from '../../src/store/migrations/index.ts'

/** Makes a store with people as the version left it that knew `step` steps. */
export function storeOfStep(file: string, step: number, people: number): void {
  mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec('pragma journal_mode = wal; begin')
  database.exec(
    'create table migration (number integer primary key, name text not null, applied_at integer not null)',
  )
  for (const each of migrations.slice(0, step)) {
    database.exec(each.sql)
    database.prepare('insert into migration values (?, ?, 7)').run(each.number, each.name)
  }
  const insert = database.prepare(
    `insert into subscriber (public_id, address, address_key, address_hash, tier, created_at, updated_at)
     values (?1, ?1, ?1, ?1, 'member', 1, 1234)`,
  )
  for (let person = 0; person < people; person++) insert.run(`a${person}@reader.test`)
  database.exec('commit')
  database.close()
}
