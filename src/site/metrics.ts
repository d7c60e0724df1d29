/** Counts and times for Prometheus; labels come from closed lists, never from a request. */
export interface Metrics {
  count(name: CounterName, labels?: Labels, by?: number): void
  observe(name: HistogramName, seconds: number, labels?: Labels): void
  /** `read` is asked each time the metrics are; while it fails there are no samples of it. */
  gauge(name: GaugeName, read: () => readonly Sample[] | Promise<readonly Sample[]>): void
  /** The text exposition format, version 0.0.4. */
  text(): Promise<string>
}

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels?: Labels
  readonly value: number
}

interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly about: string
  readonly labels: readonly string[]
}

/** Every name there is. None has a label that could name a person, an address or a page. */
const families = {
  onrecord_http_requests_total: {
    type: 'counter',
    about: 'Requests answered, by method, route as it is registered, and status.',
    labels: ['method', 'route', 'status'],
  },
  onrecord_http_request_seconds: {
    type: 'histogram',
    about: 'Seconds until an answer was ready, by route.',
    labels: ['route'],
  },
  onrecord_sign_ups_total: {
    type: 'counter',
    about: 'Sign-ups: asked for by a form, confirmed from a mail.',
    labels: ['state'],
  },
  onrecord_letters_total: {
    type: 'counter',
    about: 'Letters to single readers, by kind and what came of them: sent, later, never.',
    labels: ['kind', 'outcome'],
  },
  onrecord_left_total: {
    type: 'counter',
    about: 'Subscriptions ended by a link in mail.',
    labels: [],
  },
  onrecord_deliveries: {
    type: 'gauge',
    about: 'Deliveries of the latest issue sent for real, by state.',
    labels: ['state'],
  },
  process_cpu_seconds_total: {
    type: 'counter',
    about: 'User and system time of the process that serves, in seconds.',
    labels: [],
  },
  process_resident_memory_bytes: { type: 'gauge', about: 'Resident memory in bytes.', labels: [] },
  process_start_time_seconds: { type: 'gauge', about: 'When the process began, Unix time.', labels: [] },
  nodejs_heap_size_used_bytes: { type: 'gauge', about: 'Memory used by JavaScript.', labels: [] },
} as const satisfies Record<string, Family>

type Named<T extends Family['type']> = {
  [N in keyof typeof families]: (typeof families)[N]['type'] extends T ? N : never
}[keyof typeof families]
export type CounterName = Named<'counter'>
export type GaugeName = Named<'gauge' | 'counter'>
export type HistogramName = Named<'histogram'>

/** Upper bounds, in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** More series than that, and a label is not from a closed list: they are counted as one. */
const MOST_SERIES = 400

interface Times {
  readonly within: number[]
  sum: number
  count: number
}

/** Metrics in memory, with those of the process. */
export function createMetrics(): Metrics {
  const counts = new Map<string, Map<string, number>>()
  const times = new Map<string, Map<string, Times>>()
  const gauges = new Map<string, () => readonly Sample[] | Promise<readonly Sample[]>>()
  const metrics: Metrics = {
    count(name, labels = {}, by = 1) {
      const series = seriesOf(counts, name)
      const key = keyOf(series, name, labels)
      series.set(key, (series.get(key) ?? 0) + by)
    },
    observe(name, seconds, labels = {}) {
      const series = seriesOf(times, name)
      const key = keyOf(series, name, labels)
      let of = series.get(key)
      if (of === undefined) {
        of = { within: buckets.map(() => 0), sum: 0, count: 0 }
        series.set(key, of)
      }
      const first = buckets.findIndex((bound) => seconds <= bound)
      if (first >= 0) of.within[first] = (of.within[first] ?? 0) + 1
      of.sum += seconds
      of.count++
    },
    gauge: (name, read) => void gauges.set(name, read),
    async text() {
      const lines: string[] = []
      for (const [name, { type, about, labels }] of Object.entries<Family>(families)) {
        const read = await samplesOf(gauges.get(name))
        const samples =
          type === 'histogram'
            ? histogramLines(name, times.get(name) ?? new Map())
            : read === undefined
              ? Array.from(counts.get(name) ?? [], ([key, value]) => line(name, key, value))
              : read.map((sample) => line(name, labelText(labels, sample.labels ?? {}), sample.value))
        lines.push(`# HELP ${name} ${about}`, `# TYPE ${name} ${type}`, ...samples)
      }
      return `${lines.join('\n')}\n`
    },
  }
  processGauges(metrics)
  return metrics
}

async function samplesOf(
  read: (() => readonly Sample[] | Promise<readonly Sample[]>) | undefined,
): Promise<readonly Sample[] | undefined> {
  try {
    return await read?.()
  } catch {
    // The store cannot be asked: the other numbers can.
    return []
  }
}

function processGauges(metrics: Metrics): void {
  const started = Date.now() / 1_000 - process.uptime()
  const one = (read: () => number) => () => [{ value: read() }]
  metrics.gauge(
    'process_cpu_seconds_total',
    one(() => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    }),
  )
  metrics.gauge(
    'process_resident_memory_bytes',
    one(() => process.memoryUsage.rss()),
  )
  metrics.gauge(
    'process_start_time_seconds',
    one(() => started),
  )
  metrics.gauge(
    'nodejs_heap_size_used_bytes',
    one(() => process.memoryUsage().heapUsed),
  )
}

function seriesOf<T>(all: Map<string, Map<string, T>>, name: string): Map<string, T> {
  let series = all.get(name)
  if (series === undefined) {
    series = new Map()
    all.set(name, series)
  }
  return series
}

function keyOf(series: ReadonlyMap<string, unknown>, name: keyof typeof families, labels: Labels): string {
  const names: readonly string[] = families[name].labels
  const key = labelText(names, labels)
  if (series.has(key) || series.size < MOST_SERIES) return key
  return labelText(names, Object.fromEntries(names.map((each) => [each, 'other'])))
}

/** `method="GET",route="/"`: the labels of the family alone, in its order. */
function labelText(names: readonly string[], labels: Labels): string {
  return names.map((name) => `${name}="${escaped(labels[name] ?? '')}"`).join(',')
}

function escaped(text: string): string {
  if (!/["\\\n]/.test(text)) return text
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function line(name: string, labels: string, value: number): string {
  return `${name}${labels === '' ? '' : `{${labels}}`} ${value}`
}

function histogramLines(name: string, series: ReadonlyMap<string, Times>): string[] {
  return Array.from(series).flatMap(([labels, { within, sum, count }]) => {
    const and = labels === '' ? '' : `${labels},`
    let below = 0
    return [
      ...buckets.map((bound, index) => {
        below += within[index] ?? 0
        return line(`${name}_bucket`, `${and}le="${bound}"`, below)
      }),
      line(`${name}_bucket`, `${and}le="+Inf"`, count),
      line(`${name}_sum`, labels, sum),
      line(`${name}_count`, labels, count),
    ]
  })
}
