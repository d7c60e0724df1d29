const ATTRIBUTE = /\s*([a-z][a-z0-9-]*)=(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`{}“”„‟‘’]+))(?=\s|$)/uy

/**
 * Whether `{name="value" …}` can be read to its end, with straight quotes and each name once; null, or what
 * is wrong. Markdown's own reading is laxer: it would take `{teaser=“Why so”}` for three attributes.
 */
export function parseAttributes(braces: string): { readonly message: string; readonly hint: string } | null {
  const inside = braces.slice(1, -1).trimEnd()
  const seen = new Set<string>()
  let at = 0
  while (at < inside.length) {
    ATTRIBUTE.lastIndex = at
    const match = ATTRIBUTE.exec(inside)
    const name = match?.[1]
    if (match === null || name === undefined) return unreadable(inside.slice(at))
    if (seen.has(name)) {
      return { message: `The attribute “${name}” is given twice.`, hint: 'keep one of the two' }
    }
    seen.add(name)
    at = ATTRIBUTE.lastIndex
  }
  return null
}

function unreadable(rest: string): { message: string; hint: string } {
  if (/[“”„‟‘’]/u.test(rest)) {
    return {
      message: 'This attribute has curly quotation marks.',
      hint: 'attributes need straight ones: {teaser="…"}',
    }
  }
  return {
    message: `The attributes cannot be read from “${rest.trim().slice(0, 30)}” on.`,
    hint: 'write {name="value"}, with straight quotation marks around the value',
  }
}
