import { createHash } from 'node:crypto'

/** What the name of a kept message says: `<sequence>-<message id>.eml`. */
export interface FileName {
  readonly name: string
  /** The order of arrival; unique in its folder. */
  readonly sequence: number
  /** The Message-ID made safe for a file name: the same for every copy, different for different ids. */
  readonly id: string
}

const LONGEST_ID = 150

/**
 * The name under which message number `sequence` is kept.
 *
 * @param messageId as the header says it, with or without angle brackets; any bytes
 */
export function fileName(sequence: number, messageId: string): string {
  return `${String(sequence).padStart(8, '0')}-${safeId(messageId)}.eml`
}

/** Reads a name that `fileName` made, or null for anything else: also the only test of a name from outside. */
export function parseFileName(name: string): FileName | null {
  const match = /^(\d{8,15})-([A-Za-z0-9@._+=~-]{1,160})\.eml$/.exec(name)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { name, sequence: Number(match[1]), id: match[2] }
}

/** Letters, digits and a few signs stay; where anything is lost, a hash keeps different ids different. */
function safeId(messageId: string): string {
  const id = messageId.trim().replace(/^<|>$/g, '')
  const safe = id.replace(/[^A-Za-z0-9@._+=-]/g, '_').slice(0, LONGEST_ID)
  if (safe === id && id !== '') return id
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8)
  return id === '' ? 'no-id' : `${safe}~${hash}`
}
