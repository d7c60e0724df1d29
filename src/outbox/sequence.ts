import { mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFileName } from './file-name.ts'

/** Numbers in rising order that no other process, before or after, gives out in this folder. */
export interface Sequence {
  next(): Promise<number>
}

/** Markers stay in the folder: one empty file for this many messages. */
const BLOCK = 100

/**
 * Opens the sequence of `dir`. A process claims a block of numbers by creating its marker
 * exclusively, which holds over several processes and a `kill -9`; what it does not use stays a gap.
 */
export function openSequence(dir: string): Sequence {
  const markers = join(dir, '.blocks')
  let nextNumber = 0
  let end = 0
  let claiming: Promise<void> | null = null

  const claim = async (): Promise<void> => {
    await mkdir(markers, { recursive: true })
    const kept = (await readdir(dir)).map((name) => parseFileName(name)?.sequence ?? 0)
    const highest = kept.reduce((most, sequence) => Math.max(most, sequence), 0)
    const claimed = (await readdir(markers)).map(Number).filter(Number.isSafeInteger)
    let block =
      Math.max(
        Math.ceil(highest / BLOCK) - 1,
        claimed.reduce((a, b) => Math.max(a, b), -1),
      ) + 1
    while (!(await createdExclusively(join(markers, String(block))))) block++
    nextNumber = block * BLOCK + 1
    end = nextNumber + BLOCK
  }

  return {
    async next() {
      while (nextNumber >= end) {
        claiming ??= claim().finally(() => {
          claiming = null
        })
        await claiming
      }
      return nextNumber++
    },
  }
}

async function createdExclusively(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
