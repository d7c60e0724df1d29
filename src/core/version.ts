import { createRequire } from 'node:module'

/** Of this program, from its package.json. */
export const version = String(createRequire(import.meta.url)('../../package.json').version)
