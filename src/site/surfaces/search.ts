import type { Surface } from '../deps.ts'

/** `/search?q=…`. */
export const search: Surface = () => undefined
