import { tiers, type Tier } from '../core/tier.ts'

export const parts = ['mail', 'text', 'web', 'sources', 'headers', 'mjml'] as const
export type Part = (typeof parts)[number]

/** What the toolbar of an issue's page has chosen. */
export interface View {
  readonly tier: Tier
  readonly part: Part
  readonly width: 'phone' | 'desktop'
  readonly scheme: 'light' | 'dark'
}

/** Reads the query of an address; whatever it does not know becomes the default. */
export function readView(query: Readonly<Record<string, string>>): View {
  return {
    tier: tiers.find((tier) => tier === query['tier']) ?? 'subscriber',
    part: parts.find((part) => part === query['part']) ?? 'mail',
    width: query['width'] === 'phone' ? 'phone' : 'desktop',
    scheme: query['scheme'] === 'dark' ? 'dark' : 'light',
  }
}

/** The address of an issue's page in `view`. */
export function issueHref(issue: string, view: View): string {
  return `/issue/${encodeURIComponent(issue)}?${new URLSearchParams({ ...view }).toString()}`
}

/** The address of the frame that shows it; a new version is a new address. */
export function frameHref(issue: string, view: View, version: number): string {
  const query = new URLSearchParams({ scheme: view.scheme, v: String(version) }).toString()
  return `/frame/${encodeURIComponent(issue)}/${view.tier}/${view.part}?${query}`
}
