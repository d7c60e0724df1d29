import type { Address } from './address.ts'
import type { Consent } from './consent.ts'
import type { Subscriber, SubscriberTier } from './subscriber.ts'

/*
 * What the site does with people, beside `SubscriberStore`. Tokens and cookies come in and go out as text;
 * only their hashes are kept. Every change is durable when its promise resolves.
 */

/**
 * What somebody asks for with an address. It is only written down: the same work whether or not the address
 * is known, so that neither the answer nor its time tells. What comes of it is decided when its letter is made.
 */
export type Wish =
  | {
      readonly kind: 'sign-up'
      readonly address: Address
      readonly newsletter: string
      readonly proof: Proof
    }
  | { readonly kind: 'log-in'; readonly address: Address; readonly next: string | null }

/** What is kept of the form that was sent. */
export type Proof = Pick<Consent, 'askedAt' | 'form' | 'words' | 'network'>

/** Mail that waits to be written and sent. */
export interface Letters {
  /** Asked for a thousand times before it is sent, it is one letter. */
  ask(wish: Wish): Promise<void>
  /**
   * The next letter that is due, with a fresh token, or null. Those that must not be sent are taken off on
   * the way: a suppressed address (but for one erased, who may come back by their own word), a second
   * confirmation to an address within a day, a log-in to an address nobody has.
   */
  nextLetter(): Promise<DueLetter | null>
  /** sent: it is gone. later: the server put it off; tried again, at most for a day. never: it is dropped. */
  settleLetter(id: number, outcome: 'sent' | 'later' | 'never'): Promise<void>
}

export type DueLetter = {
  readonly id: number
  /** With the id it names the letter: after a restore, an id comes again. Milliseconds since the epoch. */
  readonly askedAt: number
  readonly address: string
  readonly name: string | null
} & (
  | { readonly kind: 'confirm'; readonly newsletter: string; readonly token: string }
  /** Signed up, and had been: says so, with a log-in link. */
  | { readonly kind: 'already'; readonly newsletter: string; readonly token: string }
  | { readonly kind: 'log-in'; readonly token: string; readonly next: string | null }
  | {
      readonly kind: 'welcome'
      readonly newsletter: string
      readonly publicId: string
      readonly tier: SubscriberTier
    }
  /** To the former and to the new address; each must say yes. */
  | { readonly kind: 'change-from' | 'change-to'; readonly token: string }
  /** To the former address, once it is done. */
  | { readonly kind: 'changed' }
)

export type TokenPurpose = 'confirm' | 'log-in' | 'change-from' | 'change-to'

/** What a mailed link would do; looking changes nothing, however often. */
export type Peeked =
  | {
      readonly state: 'good'
      readonly newsletter: string | null
      readonly next: string | null
      /** Of a change: both, shortened for the eye (`a…@example.org`). */
      readonly change: { readonly from: string; readonly to: string } | null
    }
  | { readonly state: 'used' | 'expired' | 'unknown' }

/** `session` is the cookie's value: a new session, whatever cookie there was. */
export type Entered =
  | {
      readonly state: 'entered'
      readonly session: string
      readonly publicId: string
      readonly newsletter: string | null
      readonly next: string | null
    }
  | { readonly state: 'used' | 'expired' | 'unknown' }

/** `confirmed`: it is done, and nobody is logged in by it (see `Sessions.confirm`). */
export type Confirmed = Entered | { readonly state: 'confirmed'; readonly newsletter: string | null }

/** Links that were mailed, and who is logged in. */
export interface Sessions {
  peek(purpose: TokenPurpose, token: string): Promise<Peeked>
  /**
   * Confirms a sign-up: makes the person, keeps the consent, asks for the welcome letter, logs in. Once. Somebody
   * who was a person before is logged in only by a link that is no older than a log-in link may be.
   */
  confirm(token: string): Promise<Confirmed>
  /** Once. */
  logIn(token: string): Promise<Entered>
  /** Null: there is none, it ended, or its person is gone. Rotated daily: then `renewed` is the cookie's new value. */
  session(cookie: string): Promise<Session | null>
  logOut(cookie: string): Promise<void>
  /**
   * Ends every session of the person, this one too, and every mailed link that would begin one; takes back a
   * change of address that was not carried out.
   */
  logOutEverywhere(publicId: string): Promise<void>
}

export interface Session {
  /** Names the session in a CSRF token; stays through a rotation. */
  readonly id: number
  readonly publicId: string
  readonly tier: SubscriberTier
  /** At least one newsletter is confirmed or paused: without one, links stay locked. */
  readonly confirmed: boolean
  readonly expiresAt: number
  readonly renewed: string | null
}

/** What a person sets for themselves. */
export interface Accounts {
  account(publicId: string): Promise<Account | null>
  /** Joins or leaves one newsletter, with its consent. */
  setNewsletter(publicId: string, newsletter: string, wanted: boolean, proof: Proof): Promise<void>
  setFormat(publicId: string, format: MailFormat): Promise<void>
  /** Pauses all that is confirmed until then, or ends the pause. */
  pause(publicId: string, until: number | null): Promise<void>
  /**
   * Writes to both addresses; nothing changes before both have said yes. Asked again for the same address, it is
   * the first wish, with its links; only who has not said yes is written to.
   */
  askChange(publicId: string, to: Address): Promise<'asked' | 'same-address'>
  /** Takes a wish that waits back, with the letters and links of it; nothing waits: nothing is done. */
  dropChange(publicId: string): Promise<void>
  /** The second yes carries it out; `taken`, told only then, to one whose address it is. */
  agreeToChange(
    purpose: 'change-from' | 'change-to',
    token: string,
  ): Promise<'half' | 'changed' | 'taken' | 'used' | 'expired' | 'unknown'>
  /** Links in mail of issues that went out so far no longer show them to whoever holds them. */
  revokeViews(publicId: string): Promise<void>
  /** The tier that a signed link in mail shows, or null: revoked, or nobody. `outAt`: when its issue, or the link, first went out. */
  viewTier(publicId: string, outAt: number): Promise<SubscriberTier | null>
  /** All that the store holds of a person, deliveries included, but for hashes of tokens. */
  personalData(publicId: string): Promise<PersonalData | null>
  /** Leaves by a link in mail, with its consent withdrawn; idempotent. */
  leave(publicId: string, newsletter: string, proof: Proof): Promise<'left' | 'had-left' | 'unknown'>
  /** Within a day of leaving: as it was. */
  undoLeave(publicId: string, newsletter: string, proof: Proof): Promise<'undone' | 'too-late' | 'unknown'>
  /** As `SubscriberStore.erase`, by the person. */
  erasePerson(publicId: string): Promise<void>
}

export type MailFormat = 'html' | 'text'

export interface Account {
  readonly subscriber: Subscriber
  readonly format: MailFormat
  readonly consents: readonly Consent[]
  /** An address change that waits for a yes: the new address, and from whom. */
  readonly change: { readonly to: string; readonly waitsFor: readonly ('from' | 'to')[] } | null
}

/** One JSON document, dates as ISO 8601, for the person to keep. */
export interface PersonalData {
  readonly version: 1
  readonly madeAt: string
  readonly [part: string]: unknown
}

/** Counts and clears. */
export interface Upkeep {
  /**
   * Counts one more of `kind` by `subject` and says whether it is within `most` in the window that began with
   * the first; the subject is kept as a keyed digest alone. An address is counted by its `key`, so that erasing
   * it clears its counts too.
   */
  allow(
    kind: string,
    subject: string,
    limit: { readonly most: number; readonly windowMs: number },
  ): Promise<boolean>
  /**
   * Deletes what has expired (of mailed links whose they were, and the rest a day later) and ends pauses that are over, a bounded number a call: true when there is more.
   * Before a freeze until it says false, and every minute while serving.
   */
  tidy(): Promise<boolean>
}

/** How long what is mailed holds, in milliseconds. */
export const tokenLife: Readonly<Record<TokenPurpose, number>> = {
  confirm: 7 * 24 * 3_600_000,
  'log-in': 15 * 60_000,
  'change-from': 2 * 24 * 3_600_000,
  'change-to': 2 * 24 * 3_600_000,
}

/** The readers, as the site knows them. */
export type ReaderStore = Letters & Sessions & Accounts & Upkeep
