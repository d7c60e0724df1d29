import { readFileSync, writeFileSync } from 'node:fs'

/** Replaces what a document has between `<!-- name -->` and `<!-- /name -->`. */
export function replaceMarked(file: string, name: string, text: string): void {
  const document = readFileSync(file, 'utf8')
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [document.indexOf(open), document.indexOf(close)]
  if (from < 0 || to < from) throw new Error(`${file} has no marks ${open} and ${close}`)
  writeFileSync(file, `${document.slice(0, from + open.length)}\n\n${text.trim()}\n\n${document.slice(to)}`)
}
