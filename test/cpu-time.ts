/**
 * Milliseconds of a processor that this thread has been at work. Of two, the second less the first is what something
 * took, however much else the machine had to do meanwhile.
 */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
