/*
 * What a server may do wrong, and where. At `body` it can only drop; `drop` at the dot keeps nothing, `take and drop`
 * has taken the message and says nothing of it; `late` answers when the client has stopped waiting.
 */
export type Stage = 'connect' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot'
export type Fault = 'drop' | '4xx' | '421' | '5xx' | 'late' | 'take and drop'

/** Every fault of every stage. */
export const faultsAt: Readonly<Record<Stage, readonly Fault[]>> = {
  connect: ['drop', '421', '5xx', 'late'],
  ehlo: ['drop', '4xx', '5xx', 'late'],
  mail: ['drop', '4xx', '421', '5xx', 'late'],
  rcpt: ['drop', '4xx', '421', '5xx', 'late'],
  data: ['drop', '4xx', '421', '5xx', 'late'],
  body: ['drop'],
  dot: ['drop', 'take and drop', '4xx', '421', '5xx', 'late'],
}

/** Which replies a refusal may have at each stage. */
export const refusalsAt: Readonly<Record<Stage, { readonly '4xx': string; readonly '5xx': string }>> = {
  connect: { '4xx': '450 4.3.2 later', '5xx': '554 5.3.2 no mail today' },
  ehlo: { '4xx': '450 4.3.2 later', '5xx': '502 5.5.1 say HELO' },
  mail: { '4xx': '451 4.3.0 try again', '5xx': '550 5.7.1 not from you' },
  rcpt: { '4xx': '450 4.2.0 greylisted', '5xx': '550 5.1.1 nobody of this name' },
  data: { '4xx': '451 4.3.0 try again', '5xx': '554 5.3.0 cannot' },
  body: { '4xx': '', '5xx': '' },
  dot: { '4xx': '452 4.3.1 no room', '5xx': '554 5.6.0 not this content' },
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}
