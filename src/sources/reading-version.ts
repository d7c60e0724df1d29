/** Of the reading of pages: changes when the same bytes would give another text. */
export const readingVersion = 1
