import type { Surface } from '../deps.ts'

/** `/how-we-source`: the policies, and what the desk check asks. */
export const howWeSource: Surface = () => undefined
