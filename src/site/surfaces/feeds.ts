import type { Surface } from '../deps.ts'

/** `/feed.xml` (RSS 2.0) and `/feed.json` (JSON Feed 1.1), of the public tier alone. */
export const feeds: Surface = () => undefined
