import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, posix } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { OnrecordError } from '../core/errors.ts'

/*
 * What of data/ is not in the database and cannot be made again: frozen images, stored copies of
 * sources, what is known of links, and the key when the publication has no SECRET_KEY of its own. A
 * backup holds them as rows, so that it stays one file that SQLite checks whole.
 */
const folders = ['images', 'snapshots'] as const
const files = ['links.json', 'secret.key'] as const

/** Nothing that climbs out, nothing hidden, nothing unfinished. */
const allowed = /^(?:links\.json|secret\.key|(?:images|snapshots)(?:\/[A-Za-z0-9_][\w.-]{0,200}){1,3})$/

/** SQLite takes values up to 10^9 octets; no image and no stored copy is near it. */
const MOST_BYTES = 500_000_000

/** Paths under `dataDir` that belong into a backup, with forward slashes. */
export function listBackupFiles(dataDir: string): readonly string[] {
  const found: string[] = files.filter((name) => existsSync(join(dataDir, name)))
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(dataDir, path), { withFileTypes: true })) {
      const inner = posix.join(path, entry.name)
      if (entry.isDirectory()) walk(inner)
      // Neither what is being written nor the cache of redrawn images.
      else if (entry.isFile() && !/\.(?:tmp|part|v\d+)$/.test(entry.name) && allowed.test(inner))
        found.push(inner)
    }
  }
  for (const folder of folders) if (existsSync(join(dataDir, folder))) walk(folder)
  return found
}

/** Puts one file into the backup. Called inside a transaction. */
export function keepFile(copy: DatabaseSync, dataDir: string, path: string): number {
  const file = join(dataDir, path)
  if (statSync(file).size > MOST_BYTES)
    throw new OnrecordError('refused', `${file} is larger than a backup can hold (500 MB).`, {
      hint: 'move it away if it is none of ours',
    })
  const bytes = readFileSync(file)
  copy
    .prepare('insert into backup_file (path, sha256, bytes) values (?, ?, ?)')
    .run(path, sha256(bytes), bytes)
  return bytes.length
}

/** A file that waits to take its place once the store has. */
export interface Staged {
  readonly from: string
  readonly to: string
}

/**
 * Writes the files of a backup under `dataDir`. Images and stored copies go to their place at once:
 * their names say their content, so that what differs is damaged. The others wait under `suffix`.
 * @throws OnrecordError `refused` for a path that no backup of ours has, or a file that is not what it was
 */
export function putFiles(copy: DatabaseSync, dataDir: string, suffix: string): readonly Staged[] {
  const staged: Staged[] = []
  const rows = copy.prepare('select rowid, path, sha256 from backup_file order by path').all()
  const bytesOf = copy.prepare('select bytes from backup_file where rowid = ?')
  for (const row of rows) {
    const path = String(row['path'])
    const damaged = (what: string): OnrecordError =>
      new OnrecordError('refused', `The backup is damaged: ${JSON.stringify(path.slice(0, 200))} ${what}.`, {
        hint: 'use another backup',
      })
    if (!allowed.test(path)) throw damaged('is no name that a backup has')
    const bytes = bytesOf.get(Number(row['rowid']))?.['bytes']
    if (!(bytes instanceof Uint8Array) || sha256(bytes) !== row['sha256']) throw damaged('is not what it was')
    const place = join(dataDir, path)
    if (existsSync(place) && sha256(readFileSync(place)) === row['sha256']) continue
    if (files.some((name) => name === path)) {
      const waiting = `${place}${suffix}`
      writeSynced(waiting, bytes, 0o600)
      staged.push({ from: waiting, to: place })
    } else {
      mkdirSync(dirname(place), { recursive: true })
      writeSynced(`${place}${suffix}`, bytes, 0o644)
      renameSync(`${place}${suffix}`, place)
    }
  }
  return staged
}

/** On the disk when it returns. */
export function writeSynced(file: string, bytes: Uint8Array, mode: number): void {
  const handle = openSync(file, 'w', mode)
  try {
    let written = 0
    while (written < bytes.length) written += writeSync(handle, bytes, written)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** A file, or a folder and so the names in it, onto the disk. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
