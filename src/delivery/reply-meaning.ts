/** Phrases of large providers that say more than their code. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/gr[ae]y-?list/i, 'they let every new sender wait first'],
  [
    /\b(spf|dkim|dmarc|unauthenticated|authentication checks?)\b/i,
    'they cannot verify that we may send for this domain',
  ],
  [
    /\b(rate|too (many|much|fast)|throttl|unusual|limit(ed)? exceeded|slow down)/i,
    'they find that we send too fast',
  ],
  [
    /\b(quota|over ?quota|mailbox (is )?full|out of storage|insufficient (disk|storage))/i,
    'the mailbox is full',
  ],
  [
    /\b(spam|block(ed|list)|black ?list|reputation|listed (in|at|by)|spamhaus)/i,
    'they take us for a sender of spam',
  ],
  [
    /\b(user unknown|unknown user|no such (user|mailbox|recipient|address)|does not exist|user not found)/i,
    'there is no such address',
  ],
]

/** RFC 3463 and the register of enhanced status codes (RFC 5248), without their class. */
const details: Readonly<Record<string, string>> = {
  '1.1': 'there is no such address',
  '1.2': 'their domain takes no mail',
  '1.3': 'the address is not well-formed',
  '1.6': 'the mailbox has moved',
  '1.8': 'our sender’s domain is not accepted',
  '1.10': 'their domain takes no mail',
  '2.0': 'something is wrong with the mailbox',
  '2.1': 'the mailbox is closed',
  '2.2': 'the mailbox is full',
  '2.3': 'the message is too long for the mailbox',
  '3.1': 'their disk is full',
  '3.2': 'their server is closed for now',
  '3.4': 'the message is too large for their server',
  '4.1': 'their server does not answer',
  '4.2': 'the connection broke',
  '4.4': 'their mail cannot be routed',
  '4.5': 'their server is too busy',
  '4.7': 'it waited too long on their side',
  '6.7': 'their server cannot take an international address',
  '7.1': 'their rules do not let us in',
  '7.8': 'the password for the server is wrong',
  '7.20': 'there is no valid DKIM signature',
  '7.23': 'SPF does not allow our server',
  '7.25': 'our server’s address has no matching name',
  '7.26': 'they cannot verify that we may send for this domain',
  '7.27': 'our sender’s domain takes no mail',
  '7.28': 'they find that we send too fast',
  '7.29': 'their server wants TLS',
}

/** RFC 5321 §4.2.2, where there is nothing better. */
const codes: Readonly<Record<string, string>> = {
  '421': 'their server closes for now',
  '450': 'the mailbox cannot be used now',
  '451': 'their server has trouble',
  '452': 'their server has no room',
  '530': 'the server wants a password',
  '535': 'the password for the server is wrong',
  '550': 'they will not take it for this address',
  '551': 'the mailbox has moved',
  '552': 'the mailbox is full',
  '553': 'the address is not allowed there',
  '554': 'they refuse it',
}

/**
 * What a server's reply means, in a few plain words; null for what is no SMTP reply (our own words
 * for a connection that broke say it themselves).
 */
export function replyMeaning(reply: string): string | null {
  const { basic, detail } = codesOf(reply)
  if (basic === null) return null
  const said = phrases.find(([pattern]) => pattern.test(reply))?.[1]
  const precise = vague.has(detail) ? undefined : details[detail]
  return (
    precise ??
    said ??
    details[detail] ??
    codes[basic] ??
    (basic.startsWith('4') ? 'not now' : 'they refuse it')
  )
}

/** “421 4.7.28”, what replies are grouped by; what is no SMTP reply is its own text. */
export function replyCode(reply: string): string {
  const { basic, enhanced } = codesOf(reply)
  return basic === null ? reply : [basic, enhanced].filter((part) => part !== '').join(' ')
}

/** These are given for everything; what the server says beside them tells more. */
const vague = new Set(['0.0', '1.0', '2.0', '7.0', '7.1'])

/** The basic and the enhanced code, also behind words of ours (“after 48 hours: 450 …”). */
function codesOf(reply: string): { basic: string | null; enhanced: string; detail: string } {
  const found = /^(?:[^\d]*\d+ hours: )?([45]\d\d)(?:[ -]([45]\.(\d{1,3}\.\d{1,3}))\b|(?=[ -]|$))/.exec(reply)
  return { basic: found?.[1] ?? null, enhanced: found?.[2] ?? '', detail: found?.[3] ?? '' }
}

/**
 * A reply on one line that names nobody: servers repeat the address they were given, whole or the
 * part before the @.
 */
export function maskReply(reply: string, address: string | null): string {
  const local = address?.slice(0, address.lastIndexOf('@')) ?? ''
  const plain = reply.replace(/\p{Cc}+/gu, ' ').replace(/[^\s<>()[\]:;,"']+@(?=[\p{L}\p{N}])/gu, '…@')
  return local.length < 3 ? plain : plain.replaceAll(new RegExp(escaped(local), 'giu'), '…')
}

/**
 * Why something ended, for a log: of the reply of a server in it only the codes and what they mean, for its
 * words may name somebody in any spelling. What we say ourselves stays, without addresses.
 */
export function withoutWords(text: string): string {
  const plain = maskReply(text, null)
  const found = /(?:^|: )(?=[45]\d\d(?:[ -]|$))/.exec(plain)
  if (found === null) return plain
  const said = found.index + found[0].length
  const reply = plain.slice(said)
  const meaning = replyMeaning(reply)
  return `${plain.slice(0, said)}${replyCode(reply)}${meaning === null ? '' : `, ${meaning}`}`
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
