import type { Surface } from '../deps.ts'

/** `/sitemap.xml` and `/robots.txt`. */
export const sitemap: Surface = () => undefined
