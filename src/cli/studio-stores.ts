import type { App } from '../app.ts'
import type { StudioStores } from '../studio/deps.ts'

/** What the studio is given of an app. */
export function studioStores({ subscribers, deliveries, reports, editions }: App): StudioStores {
  return { subscribers, deliveries, reports, editions, sending: null }
}
