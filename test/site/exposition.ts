export interface ParsedFamily {
  readonly type: string
  readonly help: string
  readonly samples: { name: string; labels: Record<string, string>; value: number }[]
}

/**
 * Reads Prometheus's text format 0.0.4 as strictly as its own parser: HELP and TYPE before the samples of a
 * family, families in one piece, no sample twice, buckets that add up.
 * @throws Error with the line that is wrong
 */
export function parseExposition(text: string): ReadonlyMap<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, ParsedFamily>()
  const seen = new Set<string>()
  let helped: { name: string; help: string } | null = null
  let open: { name: string; family: ParsedFamily } | null = null
  for (const line of text.slice(0, -1).split('\n')) {
    const [, name = '', help = ''] = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? []
    if (name !== '') {
      helped = { name, help }
      continue
    }
    const [, typed = '', type = ''] =
      /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/.exec(line) ?? []
    if (typed !== '') {
      if (helped?.name !== typed || families.has(typed)) throw new Error(`out of order: ${line}`)
      open = { name: typed, family: { type, help: helped.help, samples: [] } }
      families.set(typed, open.family)
      continue
    }
    if (open === null) throw new Error(`a sample of no family: ${line}`)
    open.family.samples.push(sample(line, open.name, open.family.type, seen))
  }
  for (const [name, { type, samples }] of families) {
    if (type === 'counter' && !name.endsWith('_total')) throw new Error(`a counter is named ${name}`)
    if (type === 'histogram') checkHistogram(name, samples)
  }
  return families
}

function sample(
  line: string,
  family: string,
  type: string,
  seen: Set<string>,
): ParsedFamily['samples'][number] {
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([0-9.e+-]+|NaN|[+-]Inf)$/.exec(line)
  const [, name = '', inner = '', number = ''] = match ?? []
  const names = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => family + end) : [family]
  if (!names.includes(name) || !Number.isFinite(Number(number)))
    throw new Error(`no sample of ${family}: ${line}`)
  const labels: Record<string, string> = {}
  const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$)/y
  while (pair.lastIndex < inner.length) {
    const [, label = '', value = ''] = pair.exec(inner) ?? []
    if (label === '' || label in labels) throw new Error(`bad labels: ${line}`)
    labels[label] = value.replace(/\\(["\\n])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
  }
  const key = name + JSON.stringify(labels)
  if (seen.has(key)) throw new Error(`twice: ${line}`)
  seen.add(key)
  return { name, labels, value: Number(number) }
}

function checkHistogram(family: string, samples: ParsedFamily['samples']): void {
  const series = new Map<string, { last: number; bound: number; infinite?: number; count?: number }>()
  for (const { name, labels, value } of samples) {
    const { le, ...rest } = labels
    const key = JSON.stringify(rest)
    const of = series.get(key) ?? { last: 0, bound: -1 }
    series.set(key, of)
    if (name === `${family}_bucket`) {
      const bound = le === '+Inf' ? Infinity : Number(le)
      if (value < of.last || !(bound > of.bound)) throw new Error(`buckets of ${family}${key} do not add up`)
      Object.assign(of, { last: value, bound, ...(bound === Infinity ? { infinite: value } : {}) })
    }
    if (name === `${family}_count`) of.count = value
  }
  for (const [key, { infinite, count }] of series)
    if (infinite === undefined || infinite !== count)
      throw new Error(`${family}${key} counts ${count}, not ${infinite}`)
}
