import { remark, type Remark } from './remark.ts'

interface Field {
  readonly name: string
  /** Unfolded. */
  readonly value: string
  /** As they stand, without line ends. */
  readonly lines: readonly string[]
}

/** RFC 5322 §2.1.1: octets of a line, its end not counted. */
const LONGEST_LINE = 998
/** RFC 2047 §2. */
const ENCODED_WORD = 75
const ENCODED_LINE = 76
/** What Gmail shows on a wide screen; nobody reads further in a list. */
const SUBJECT_LENGTH = 130

/** What is wrong with the header of a message, given as it stands before the first empty line. */
export function headerRemarks(header: string): readonly Remark[] {
  const remarks: Remark[] = []
  const wrong = (code: string, message: string, hint: string | null = null): void => {
    remarks.push(remark(`header.${code}`, 'breaks', message, { hint }))
  }
  const fields: Field[] = []
  for (const line of header.replace(/\r?\n$/, '').split(/\r\n|\n|\r/)) {
    const last = fields.at(-1)
    const found = /^([!-9;-~]+):[ \t]?([^]*)$/.exec(line)
    if (/^[ \t]/.test(line) && last !== undefined) {
      fields[fields.length - 1] = {
        ...last,
        value: `${last.value} ${line.trim()}`,
        lines: [...last.lines, line],
      }
    } else if (found !== null) fields.push({ name: found[1] ?? '', value: found[2] ?? '', lines: [line] })
    else
      wrong(
        'line',
        'A line of the header has no name before a colon; mail servers take the header to end there.',
      )
  }
  for (const field of fields) remarks.push(...fieldRemarks(field))
  const all = (name: string): readonly Field[] => fields.filter((each) => each.name.toLowerCase() === name)
  for (const name of ['From', 'Date', 'Message-ID', 'Subject', 'To']) {
    const number = all(name.toLowerCase()).length
    if (number === 0) wrong('missing', `The message has no ${name}.`)
    if (number > 1) wrong('twice', `The message has ${number} lines of ${name}, and may have one.`)
  }
  const value = (name: string): string => all(name)[0]?.value ?? ''
  if (all('from').length > 0) remarks.push(...fromRemarks(value('from')))
  if (all('subject').length > 0) remarks.push(...subjectRemarks(decodedWords(value('subject'))))
  remarks.push(...leavingRemarks(value('list-unsubscribe'), value('list-unsubscribe-post')))
  return remarks
}

function fieldRemarks({ name, value, lines }: Field): Remark[] {
  const found: Remark[] = []
  const wrong = (code: string, message: string): void => {
    found.push(remark(`header.${code}`, 'breaks', message))
  }
  const longest = Math.max(...lines.map((line) => Buffer.byteLength(line)))
  if (longest > LONGEST_LINE)
    wrong('long-line', `A line of ${name} has ${longest} octets; servers cut or refuse more than 998.`)
  if (/[^\t -~]/.test(value)) wrong('raw', `${name} holds characters that a header cannot carry as they are.`)
  for (const line of lines) {
    const words = line.match(/=\?[^?\s]*\?[^?\s]*\?[^?]*\?=/g) ?? []
    if (words.length > 0 && Buffer.byteLength(line) > ENCODED_LINE) {
      wrong('encoded-line', `A line of ${name} with encoded words has more than 76 characters (RFC 2047).`)
    }
    for (const word of words) {
      if (word.length > ENCODED_WORD || decodedWord(word) === null) {
        wrong(
          'encoded-word',
          `${name} holds an encoded word that mail programs show as it stands: ${word.slice(0, 40)}.`,
        )
      }
    }
  }
  if (/"[^"]*=\?[^"]*\?="/.test(value))
    wrong(
      'quoted-word',
      `${name} has an encoded word between quotation marks, where it is shown as it stands.`,
    )
  return found
}

function fromRemarks(value: string): Remark[] {
  const open = value.lastIndexOf('<')
  const address = (open < 0 ? value : value.slice(open + 1).replace(/>\s*$/, '')).trim()
  const name = decodedWords(value.slice(0, Math.max(0, open)).trim())
    .replace(/^"|"$/g, '')
    .trim()
  if (!/^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/.test(address)) {
    return [
      remark(
        'header.from',
        'breaks',
        'From holds no single address, so that the message is refused or shown without a sender.',
      ),
    ]
  }
  if (name === '') {
    return [
      remark(
        'header.from-name',
        'looks-different',
        `Readers see “${address}” as the sender: it has no name.`,
        { hint: 'give “from” a name in onrecord.yaml' },
      ),
    ]
  }
  const domain = /@([\w.-]+)/.exec(name)?.[1]
  if (domain !== undefined && !address.toLowerCase().endsWith(`@${domain.toLowerCase()}`)) {
    return [
      remark(
        'header.from-other',
        'breaks',
        'The sender’s name holds another address than the sender’s; filters take that for a forgery.',
      ),
    ]
  }
  return []
}

function subjectRemarks(subject: string): Remark[] {
  const text = subject.trim()
  if (text === '')
    return [remark('header.subject-empty', 'breaks', 'The subject is empty; readers see “(no subject)”.')]
  const found: Remark[] = []
  if ([...text].length > SUBJECT_LENGTH) {
    found.push(
      remark(
        'header.subject-long',
        'looks-different',
        `The subject has ${[...text].length} characters; no list of messages shows more than about ${SUBJECT_LENGTH}.`,
      ),
    )
  }
  if (/^(?:re|fwd?|aw|tr)\s*:/i.test(text)) {
    found.push(
      remark(
        'header.subject-reply',
        'looks-different',
        'The subject looks like an answer or a forwarded message, which it is not.',
      ),
    )
  }
  const letters = text.replace(/[^\p{L}]/gu, '')
  if (letters.length > 11 && letters === letters.toUpperCase() && letters !== letters.toLowerCase()) {
    found.push(
      remark(
        'header.subject-shouts',
        'looks-different',
        'The subject is written in capitals; readers and filters take that for shouting.',
      ),
    )
  }
  return found
}

/** RFC 2369, RFC 8058 §3.1. */
function leavingRemarks(list: string, post: string): Remark[] {
  if (list === '') {
    if (post === '') return []
    return [
      remark(
        'header.unsubscribe',
        'breaks',
        'List-Unsubscribe-Post stands without List-Unsubscribe; no mail program shows a button to leave.',
      ),
    ]
  }
  const addresses = [...list.matchAll(/<([^<>]*)>/g)].map(([, address = '']) => address)
  const https = addresses.filter((address) => /^https:\/\/[^\s/]+/i.test(address))
  const found: Remark[] = []
  if (addresses.length === 0) {
    found.push(
      remark(
        'header.unsubscribe',
        'breaks',
        'List-Unsubscribe holds no address between angle brackets; no mail program shows a button to leave.',
      ),
    )
  } else if (https.length !== 1) {
    found.push(
      remark(
        'header.unsubscribe-https',
        'breaks',
        'List-Unsubscribe needs one https address; without it Gmail and Yahoo show no button to leave.',
        { hint: 'set BASE_URL to the site’s https address' },
      ),
    )
  }
  if (!/^List-Unsubscribe=One-Click$/i.test(post.trim())) {
    found.push(
      remark(
        'header.unsubscribe-post',
        'breaks',
        'List-Unsubscribe-Post is not “List-Unsubscribe=One-Click”; Gmail and Yahoo ask for it (RFC 8058).',
      ),
    )
  }
  return found
}

/** The text of encoded words; what is none stays as it is. */
function decodedWords(value: string): string {
  return value
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(/=\?[^?\s]*\?[^?\s]*\?[^?]*\?=/g, (word) => decodedWord(word) ?? word)
}

/** Null where nobody could read it. */
function decodedWord(word: string): string | null {
  const found = /^=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([!-~]*)\?=$/i.exec(word)
  if (found === null) return null
  const [, charset = '', coding = '', text = ''] = found
  if (coding.toLowerCase() === 'b' && !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
  if (coding.toLowerCase() === 'q' && /=(?![0-9A-F]{2})/i.test(text)) return null
  const bytes =
    coding.toLowerCase() === 'b'
      ? Buffer.from(text, 'base64')
      : Buffer.from(
          text
            .replaceAll('_', ' ')
            .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        )
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
