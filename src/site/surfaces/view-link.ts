import type { Surface } from '../deps.ts'

/** `/v/<token>`: one issue as a link in mail shows it; sets nothing. */
export const viewLink: Surface = () => undefined
