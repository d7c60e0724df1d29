import type { Surface } from '../deps.ts'

/** `/sources/<issue>/<id>`: a source, and every brief that cites it. */
export const source: Surface = () => undefined
