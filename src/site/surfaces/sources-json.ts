import type { Surface } from '../deps.ts'

/** `/issues/<issue>/sources.json`, of the tier of the reader. */
export const sourcesJson: Surface = () => undefined
