/** One header field as received: unfolded, not decoded. */
export interface HeaderLine {
  readonly name: string
  readonly value: string
}

/** Cuts a message, or its beginning, at the empty line that ends the headers (RFC 5322 §2.1). */
export function splitHead(bytes: Uint8Array): { readonly head: string; readonly complete: boolean } {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const end = /\r?\n\r?\n/.exec(text)
  return end === null ? { head: text, complete: false } : { head: text.slice(0, end.index), complete: true }
}

/** The fields of a message's head, in order, with folded lines joined (RFC 5322 §2.2.3). */
export function headerLines(head: string): HeaderLine[] {
  const fields: { name: string; value: string }[] = []
  for (const line of head.split(/\r?\n/)) {
    const last = fields.at(-1)
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) last.value += ` ${line.trim()}`
      continue
    }
    const colon = line.indexOf(':')
    if (colon > 0) fields.push({ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() })
  }
  return fields
}

/** The first field of that name (any case), or null. */
export function headerOf(head: string, name: string): string | null {
  const wanted = name.toLowerCase()
  return headerLines(head).find((field) => field.name.toLowerCase() === wanted)?.value ?? null
}

/** The values of every field of that name, which is given in lower case. */
export function headersOf(headers: readonly HeaderLine[], name: string): readonly string[] {
  return headers.filter((field) => field.name.toLowerCase() === name).map(({ value }) => value)
}
