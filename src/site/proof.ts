import type { Context } from 'hono'
import type { ConsentForm } from '../subscribers/consent.ts'
import type { Proof } from '../subscribers/readers.ts'
import type { SiteDeps } from './deps.ts'
import type { SiteEnv } from './env.ts'
import { networkToKeep } from './network.ts'

/** What is kept of a form that was just sent: when, which one, the words beside its button, and from where, by policy. */
export function proofOf(
  c: Context<SiteEnv>,
  site: Pick<SiteDeps, 'clock' | 'consentNetwork' | 'tokens'>,
  form: ConsentForm,
  words: string,
): Proof {
  return { askedAt: site.clock.now(), form, words, network: networkToKeep(c.var.address, site) }
}
