import type { Rule } from '../rule.ts'
import { unknownKey } from './dc101-unknown-key.ts'
import { unusedSource } from './dc102-unused-source.ts'
import { thinSource } from './dc103-thin-source.ts'

/** Every rule of the desk check, in the order of their ids. */
export const deskRules: readonly Rule[] = [unknownKey, unusedSource, thinSource]
