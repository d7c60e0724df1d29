// Presses every link that it is given, on a connection of its own, and says which let it in.
import { parentPort, workerData } from 'node:worker_threads'
import { createTokens } from '../../src/core/token.ts'
import { openReaders } from '../../src/store/readers.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { secret } from './open-people.ts'

const { file, tokens, now } = workerData as { file: string; tokens: readonly string[]; now: number }
const database = openDatabase(file, { now: () => now })
const readers = openReaders(database, { tokens: createTokens(secret), sessionDays: 90 })
const states: string[] = []
for (const token of tokens) states.push((await readers.confirm(token)).state)
database.close()
parentPort?.postMessage(states)
