import type { Print } from '../send/pairs.ts'

/** What must hold, and what is. */
export interface Bar {
  readonly what: string
  readonly is: string
  readonly bar: string
  readonly held: boolean
}

/** Prints them as a table. @returns how many were missed */
export function printBars(bars: readonly Bar[], print: Print): number {
  print('| what must hold | is | bar |')
  print('| --- | --- | --- |')
  for (const { what, is, bar, held } of bars)
    print(`| ${what} | ${is} | ${bar}: ${held ? 'held' : '**missed**'} |`)
  return bars.filter(({ held }) => !held).length
}
