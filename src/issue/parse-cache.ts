/** Gives back what was made of a file as long as its bytes are the same; what is given back must not be changed. */
export type ParseCache = <T>(file: string, content: Uint8Array, parse: () => T) => T

/** Keeps one value a file, in memory. Each kind of value needs a cache of its own. */
export function createParseCache(): ParseCache {
  const kept = new Map<string, { readonly content: Uint8Array; readonly value: unknown }>()
  return <T>(file: string, content: Uint8Array, parse: () => T): T => {
    const known = kept.get(file)
    // A file has one kind of value, the one that its own reader made.
    if (known !== undefined && Buffer.compare(known.content, content) === 0) return known.value as T
    const value = parse()
    kept.set(file, { content, value })
    return value
  }
}
