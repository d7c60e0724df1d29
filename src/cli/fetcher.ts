import { createRequire } from 'node:module'
import { openFetcher, type PageFetcher } from '../sources/fetch-page.ts'

/** Fetches pages politely; servers read in their logs who asked and why. */
export function openSourceFetcher(why: string): PageFetcher {
  const { version } = createRequire(import.meta.url)('../../package.json')
  return openFetcher({ userAgent: `Onrecord/${String(version)} (${why})` })
}
