/** The title of an entry whose page did not say one, or could not be read: until a person has written one (DC105). */
export function standInTitle(host: string): string {
  return `[Page of ${host}]`
}

/** Whether a title is one that `standInTitle` made. A person’s own description of a page is not. */
export function isStandInTitle(title: string): boolean {
  return /^\[Page of [\p{L}\p{N}.:[\]-]+\]$/u.test(title)
}
