import type { Surface } from '../deps.ts'

/** `/log-in`: asks for a link by mail; `/log-in/<token>`: GET shows a button, POST logs in. `/log-out`: POST. */
export const logIn: Surface = () => undefined
