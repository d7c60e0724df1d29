/** Addresses of pages, from the root. */

export function issuePath(issue: string): string {
  return `/issues/${encodeURIComponent(issue)}`
}

export function briefPath(issue: string, brief: string): string {
  return `${issuePath(issue)}/${encodeURIComponent(brief)}`
}

export function sourcePath(issue: string, source: string): string {
  return `/sources/${encodeURIComponent(issue)}/${encodeURIComponent(source)}`
}
