import { escapeHtml } from '../render/escape.ts'

/**
 * Text as an XML 1.0 document can hold it, in an element or an attribute (§2.2, §2.4): what XML has no character
 * for becomes U+FFFD.
 */
export function escapeXml(text: string): string {
  return escapeHtml(text).replace(/[\ufffe\uffff]/g, '\ufffd')
}

/** `<name>text</name>`. */
export function element(name: string, text: string, attributes = ''): string {
  return `<${name}${attributes}>${escapeXml(text)}</${name}>`
}
