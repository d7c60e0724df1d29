import { sizeBudget } from '../email/size.ts'

/** “41.2 KB”, of 1,024 bytes. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`
}

/** How a size stands to the budget of an edition. */
export function sizeState(bytes: number): 'fits' | 'large' | 'too-large' {
  return bytes > sizeBudget.refuse ? 'too-large' : bytes > sizeBudget.warn ? 'large' : 'fits'
}
