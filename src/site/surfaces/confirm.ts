import type { Surface } from '../deps.ts'

/** `/confirm/<token>`: GET shows a button, POST confirms a sign-up and logs in. */
export const confirm: Surface = () => undefined
