/** Counts and times for Prometheus; labels come from closed lists, never from a request. */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void
  /** The text exposition format, version 0.0.4. */
  text(): string
}

/** Metrics in memory. */
export function createMetrics(): Metrics {
  return { count: () => undefined, observe: () => undefined, text: () => '' }
}
