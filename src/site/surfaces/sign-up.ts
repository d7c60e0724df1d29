import type { Surface } from '../deps.ts'

/** `/subscribe`: POST asks for a confirmation by mail; the answer is the same for every address. */
export const signUp: Surface = () => undefined
