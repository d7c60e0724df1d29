import type { Surface } from '../deps.ts'

/** `/metrics`, for Prometheus: with METRICS_TOKEN, or from this machine. */
export const metrics: Surface = () => undefined
