import { readFileSync } from 'node:fs'

/** What one run of a sender cost. */
export interface Measurement {
  readonly messages: number
  readonly seconds: number
  /** User and system time of the process, microseconds a message; null: not known. */
  readonly cpu: number | null
  /** The most memory the process had, MB; null: not known. */
  readonly peak: number | null
}

/**
 * Measures `work` in this process, which it has to itself.
 * @param work sends, and says how many messages it sent
 */
export async function measure(work: () => Promise<number>): Promise<Measurement> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  const messages = await work()
  const seconds = (performance.now() - started) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { messages, seconds, cpu: (user + system) / messages, peak: peakMemory() }
}

/** For the process that started this one. */
export function report(measurement: Measurement): void {
  process.stdout.write(JSON.stringify(measurement))
}

/**
 * MB. Linux hands a new process the peak of the one that started it as its `maxRSS`; what the memory
 * map itself remembers is its own.
 */
function peakMemory(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kilobytes !== undefined) return Number(kilobytes) / 1_024
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1_024
}
