/** Where an HTML file may say what its letters are (HTML §13.2.3.2 looks at 1024 bytes; pages in the wild need more). */
const PRESCAN_BYTES = 4096

/**
 * The text of `bytes`: by their byte order mark, else the charset of the Content-Type header, else
 * what the file says of itself, else UTF-8 where it is valid, else Windows-1252 (as browsers do).
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const label =
    byteOrderMark(bytes) ??
    supported(/charset\s*=\s*["']?([^\s"';,]+)/iu.exec(contentType ?? '')?.[1]) ??
    supported(ownCharset(bytes))
  if (label !== null) return new TextDecoder(label).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function byteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return null
}

function ownCharset(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, PRESCAN_BYTES))
  const label =
    /<meta[^>]+charset\s*=\s*["']?([^\s"'/>;]+)/iu.exec(head)?.[1] ??
    /^<\?xml[^>]+encoding\s*=\s*["']([^"']+)/iu.exec(head)?.[1]
  // A file whose tags could be read byte by byte is not UTF-16, whatever it says.
  return label !== undefined && /^utf-?16/iu.test(label) ? 'utf-8' : label
}

function supported(label: string | undefined): string | null {
  if (label === undefined) return null
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}
