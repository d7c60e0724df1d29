import type { Surface } from '../deps.ts'

/** `/preferences` and what is under it: newsletters, format, pause, address, my data, erase me. */
export const preferences: Surface = () => undefined
