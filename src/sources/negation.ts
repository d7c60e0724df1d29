const NEGATION =
  /(?<!\p{L})(?:not?|nor|never|none|nothing|nobody|neither|without|cannot|hardly|ne|pas|jamais|nicht|kein\p{L}*|nie|не|нет|değil)(?!\p{L})|\p{L}n['’]t(?!\p{L})/iu

/** Whether words hold a negation, in the languages that we know one of. */
export function negates(words: string): boolean {
  return NEGATION.test(words)
}
