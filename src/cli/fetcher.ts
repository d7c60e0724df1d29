import { version } from '../core/version.ts'
import { openFetcher, type PageFetcher } from '../sources/fetch-page.ts'

/** Fetches pages politely; servers read in their logs who asked and why. */
export function openSourceFetcher(why: string): PageFetcher {
  return openFetcher({ userAgent: `Onrecord/${version} (${why})` })
}
