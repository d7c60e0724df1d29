import type { Surface } from '../deps.ts'

/** `/corrections`. */
export const corrections: Surface = () => undefined
