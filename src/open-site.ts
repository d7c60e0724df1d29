import { join } from 'node:path'
import type { App } from './app.ts'
import { systemClock } from './core/clock.ts'
import type { Log } from './core/log.ts'
import { loadTemplate, type Template } from './render/template.ts'
import { startMailer } from './site/mailer.ts'
import { createMetrics } from './site/metrics.ts'
import { openPages } from './site/pages.ts'
import { createSite } from './site/site.ts'
import { openArchive } from './store/archive.ts'
import { openReaders } from './store/readers.ts'

/** The site of an app, with the mailer behind its forms. Whoever opens closes. */
export interface OpenSite {
  /** An app that does not listen. */
  fetch(request: Request, env?: unknown): Response | Promise<Response>
  /** From now on `/readyz` says no, so that a proxy sends nobody else here. */
  drain(): void
  close(): Promise<void>
}

/** Wires the site to the stores of `app` and to the looks of its publication. */
export async function openSite(app: App, options: { readonly log: Log }): Promise<OpenSite> {
  const { config, database, subscribers, tokens, imagesDir, signer } = app
  const { publication, baseUrl, trustProxy, consentNetwork, metricsToken } = config
  const { sessionDays, signUpsPerHour } = config
  const { log } = options
  const clock = systemClock
  const archive = openArchive(database)
  const readers = openReaders(database, { tokens, subscribers, sessionDays })
  const pages = openPages({ publication, baseUrl, ...(await loadLooks(app, log)) })
  const mailer = startMailer({
    ...{ letters: readers, publication, baseUrl, tokens, archive, signer, clock, log },
    openTransport: () => app.openTransport(),
  })
  let draining = false
  const site = createSite({
    ...{ publication, baseUrl, archive, readers, pages, tokens, imagesDir, clock, log },
    ...{ trustProxy, consentNetwork, metricsToken, limits: { sessionDays, signUpsPerHour } },
    metrics: createMetrics(),
    wakeMailer: () => mailer.wake(),
    ready: () => !draining,
  })
  return {
    fetch: (request, env) => site.fetch(request, env),
    drain() {
      draining = true
    },
    close: () => mailer.close(),
  }
}

/** Each newsletter's look; one that does not compile gives way to the one that comes with the program. */
async function loadLooks(
  { config }: App,
  log: Log,
): Promise<{ readonly looks: ReadonlyMap<string, Template>; readonly builtIn: Template }> {
  const builtIn = await loadTemplate(join(import.meta.dirname, '..', 'templates', 'weekly'))
  const looks = new Map<string, Template>()
  for (const [key, { template }] of Object.entries(config.publication.newsletters)) {
    const look = await loadTemplate(join(config.root, 'templates', template))
    const [fault] = look.findings
    if (fault !== undefined)
      log('warn', 'look', { look: template, file: fault.file, line: fault.line, message: fault.message })
    looks.set(key, fault === undefined ? look : builtIn)
  }
  return { looks, builtIn }
}
