import type { Config } from '../config.ts'
import { noLimits, type Limits } from '../delivery/limits.ts'

/** How many messages may begin; what goes to the outbox reaches nobody, and has only its pace. */
export function limitsOf(config: Config): Limits {
  const { sendRate: perSecond, sendPerHour: perHour, domainRate: perDomain, publication } = config
  if (config.smtp === null) return { ...noLimits, perSecond }
  const warmUp = config.warmUp === null ? null : { ...config.warmUp, timeZone: publication.timeZone }
  return { perSecond, perHour, perDomain, warmUp }
}
