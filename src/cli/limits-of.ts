import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { noLimits, type Limits } from '../delivery/limits.ts'
import { smtpLabel } from '../setting-values.ts'

/** How many messages may begin; what goes to the outbox reaches nobody, and has only its pace. */
export function limitsOf(config: Config): Limits {
  const { sendRate: perSecond, sendPerHour: perHour, domainRate: perDomain, publication } = config
  if (config.smtp === null) return { ...noLimits, perSecond }
  const warmUp = config.warmUp === null ? null : { ...config.warmUp, timeZone: publication.timeZone }
  return { perSecond, perHour, perDomain, warmUp }
}

/** Tells every other process that sends with which limits this one does, until it is released. */
export async function sayLimits({ config, commonLimits }: App): Promise<{ release(): Promise<void> }> {
  if (config.smtp === null || commonLimits === null) return { release: async () => undefined }
  return commonLimits.say(smtpLabel(config.smtp), limitsOf(config))
}
