import type { Surface } from '../deps.ts'

/** `/change/<token>`: GET shows what would change, POST says yes, once from each address. */
export const changeAddress: Surface = () => undefined
