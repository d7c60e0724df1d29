/** A header field as DKIM sees it: RFC 6376 §3.4.2, relaxed. */
export interface SignedField {
  /** In lower case. */
  readonly name: string
  /** `name:value`, unfolded, without its line end. */
  readonly relaxed: string
}

/** Writes DKIM-Signature headers. */
export interface Signer {
  /** Which keys sign: kept with each delivery, so that its message can be made again. */
  readonly keyId: string
  /** Octets that the signatures take at most, line ends included. */
  readonly maxLength: number
  /**
   * The DKIM-Signature headers, each with its CRLF.
   *
   * @param bodyHash SHA-256 of the body in relaxed form (RFC 6376 §3.4.4)
   * @param time `t=`, seconds since the epoch
   */
  sign(fields: readonly SignedField[], bodyHash: Buffer, time: number): Promise<string>
}
