import type { ApartOptions } from '../store/apart.ts'
import type { Advance } from '../store/copy-store.ts'
import type { Context } from './context.ts'

/** Draws how far long work on the store is; Ctrl-C ends it. */
export function drawAdvance(context: Context): ApartOptions {
  let said = ''
  return {
    signal: context.interrupted,
    onAdvance(advance) {
      const text = textOf(advance)
      if (context.terminal) context.drawProgress(text)
      else if (advance.phase !== said) context.note(text)
      said = advance.phase
    },
  }
}

function textOf({ phase, done, total }: Advance): string {
  switch (phase) {
    case 'copying':
      return total === 0 ? 'copying …' : `copying ${size(done)} of about ${size(total)}`
    case 'files':
      return `adding files: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
    case 'checking':
      return 'checking every page and row …'
    case 'migrating':
      return 'bringing the schema up to date …'
  }
}

/** “12.3 MB”, “1.2 GB”. */
export function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3).toLocaleString('en')} KB`
  if (bytes >= 1e9) return `${(bytes / 1e9).toLocaleString('en', { maximumFractionDigits: 1 })} GB`
  return `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`
}

/** “2026-11-22 03:44 UTC”. */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
