import type { Surface } from '../deps.ts'

/** `/issues/<issue>/<brief>`: one brief, with the sources that it cites. */
export const brief: Surface = () => undefined
