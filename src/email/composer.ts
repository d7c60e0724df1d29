import type { Edition, Recipient } from './edition.ts'
import type { Signer } from './signer.ts'

/** Makes the messages of one edition: one for each person, by splicing. */
export interface Composer {
  /**
   * One person's message as the wire gets it: headers in order, CRLF line ends, no line that begins
   * with a dot; signed where there is a signer. The same inputs give the same bytes. A promise only
   * where the signature takes one.
   *
   * @param into memory to write it to, of at least `room` octets; else new memory
   * @throws OnrecordError `refused` when an address or a value could break out of its place
   */
  compose(recipient: Recipient, into?: Buffer): Buffer | Promise<Buffer>
  /** Octets that any message of this edition fits in. */
  readonly room: number
}

export type OpenComposer = (edition: Edition, signer: Signer | null) => Composer
