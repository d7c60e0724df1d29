import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from './app.ts'
import { systemClock } from './core/clock.ts'
import type { Finding } from './core/finding.ts'
import type { Log } from './core/log.ts'
import { forgetInOutbox } from './outbox/forget.ts'
import { loadTemplate, type Template } from './render/template.ts'
import { countReaders } from './site/counted-readers.ts'
import { startMailer } from './site/mailer.ts'
import { createMetrics, type Sample } from './site/metrics.ts'
import { openPages } from './site/pages.ts'
import { createSite } from './site/site.ts'
import type { ReaderStore } from './subscribers/readers.ts'

/** The site of an app, with the mailer behind its forms. Whoever opens closes. */
export interface OpenSite {
  /** An app that does not listen. */
  fetch(request: Request, env?: unknown): Response | Promise<Response>
  /** From now on `/readyz` says no, so that a proxy sends nobody else here. */
  drain(): void
  close(): Promise<void>
}

/** How often what has expired is cleared, in milliseconds. */
const TIDY_MS = 60_000

/** A mailer that has not looked for letters for so long is stuck: no letter takes a server that long. */
const MAILER_MS = 10 * 60_000

/**
 * What a letter's server is waited for, in milliseconds: a minute or so for a letter over a connection that stands,
 * and with the mailer's longest rest less than `MAILER_MS` for one that needs all there is. It is tried again.
 */
const LETTER_WAITS = { connect: 10_000, reply: 10_000, dot: 30_000 }

/** For so long an answer about the store holds, so that whoever asks often makes it no work. */
const PROBE_MS = 2_000

/** A store that takes longer to answer a probe is not there; with the time above, that is known within 5 seconds. */
const ANSWER_MS = 2_000

/** The same for counting deliveries, which takes SQLite a tenth of a second for a million. */
const COUNT_MS = 30_000

/**
 * Wires the site to the stores of `app` and to the looks of its publication.
 *
 * @param options.mails whether this process sends the letters that its forms ask for; default: it does
 */
export async function openSite(
  app: App,
  options: { readonly log: Log; readonly mails?: boolean },
): Promise<OpenSite> {
  const { config, archive, health, tokens, imagesDir, signer } = app
  const { publication, baseUrl, trustProxy, consentNetwork, metricsToken } = config
  const { sessionDays, signUpsPerHour } = config
  const { log, mails = true } = options
  const clock = systemClock
  const metrics = createMetrics()
  const clearOutside = (isTheirs: (address: string) => boolean): Promise<number> =>
    forgetInOutbox(join(config.dataDir, 'outbox'), isTheirs)
  const { readers, lookedAt } = countReaders(app.readers({ sessionDays, clearOutside }), {
    metrics,
    clock,
  })
  const looks = await loadLooks(app, log)
  const pages = openPages({ publication, baseUrl, ...looks, onFault: (fault) => logFault(log, fault) })
  const mailer = mails
    ? startMailer({
        ...{ ...looks, letters: readers, publication, baseUrl, tokens, archive, signer, clock, log },
        openTransport: () => app.openTransport(LETTER_WAITS),
        formatOf: (address) => app.mailFormat(address),
      })
    : null
  const begun = clock.now()
  let draining = false
  const unready = async (): Promise<string | null> => {
    if (draining) return 'the process was asked to end'
    if (!(await health.schemaIsCurrent())) return 'a newer version has changed the store'
    if (mailer !== null && clock.now() - (lookedAt() ?? begun) > MAILER_MS)
      return 'the mailer does not look for letters'
    return takesChanges(readers)
  }
  const readiness = held(() => soon(unready()).catch(noAnswer), PROBE_MS)
  let said: string | null = null
  metrics.gauge(
    'onrecord_deliveries',
    held(
      async (): Promise<readonly Sample[]> =>
        (await soon(health.latestDeliveries())).map(({ state, count }) => ({
          labels: { state },
          value: count,
        })),
      COUNT_MS,
    ),
  )
  const tidying = setInterval(() => {
    readers.tidy().catch((error: unknown) => log('error', 'tidy', { name: nameOf(error) }))
  }, TIDY_MS)
  tidying.unref()
  const site = createSite({
    ...{ publication, baseUrl, archive, readers, pages, tokens, imagesDir, clock, log, metrics },
    ...{ trustProxy, consentNetwork, metricsToken, limits: { sessionDays, signUpsPerHour } },
    wakeMailer: () => mailer?.wake(),
    async ready() {
      const why = draining ? await unready() : await readiness()
      if (why !== said) log(why === null ? 'info' : 'warn', why === null ? 'ready' : 'not ready', { why })
      said = why
      return why === null
    },
  })
  return {
    fetch: (request, env) => site.fetch(request, env),
    drain() {
      draining = true
    },
    async close() {
      clearInterval(tidying)
      await mailer?.close()
    },
  }
}

/** Counts one in a window of its own, which is a change that is on the disk when it is done; null: it was. */
async function takesChanges(readers: Pick<ReaderStore, 'allow'>): Promise<string | null> {
  try {
    await readers.allow('ready', 'probe', { most: 1_000_000_000, windowMs: 60_000 })
    return null
  } catch (error) {
    return `the store takes no changes: ${nameOf(error)}`
  }
}

/** What `work` gives, if it does within `ANSWER_MS`. */
async function soon<T>(work: Promise<T>): Promise<T> {
  const late = sleep(ANSWER_MS, null, { ref: false })
  return Promise.race([
    work,
    late.then(() => {
      throw new Error(`there was no answer within ${ANSWER_MS} ms`)
    }),
  ])
}

function noAnswer(error: unknown): string {
  return `the store does not answer: ${nameOf(error)}`
}

/** What `read` gave, for `ms` milliseconds. */
function held<T>(read: () => T, ms: number): () => T {
  let kept: { readonly value: T; readonly at: number } | null = null
  return () => {
    if (kept === null || performance.now() - kept.at > ms) kept = { value: read(), at: performance.now() }
    return kept.value
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
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
    if (fault !== undefined) logFault(log, fault)
    looks.set(key, fault === undefined ? look : builtIn)
  }
  return { looks, builtIn }
}

function logFault(log: Log, { file, line, message }: Finding): void {
  log('warn', 'look', { file, line, message })
}
