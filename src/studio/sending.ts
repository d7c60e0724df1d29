import type { ReadinessLine } from './contract/issues.ts'

/*
 * What the studio may do with a send: plain data in and out, which goes as JSON to the browser as it is. How it
 * is done is none of the studio's business: the messages go out in a process of their own, and rows say how far
 * it came. Times are ISO 8601 in UTC; what is shown of a time is `words`, in the publication's time zone.
 */

/** Two parts of the audience, and their sum. */
export interface SendingAudience {
  readonly subscriber: number
  readonly member: number
  readonly total: number
}

/** Whom of the newsletter: both tiers, or one. */
export type SendingTo = 'everybody' | 'subscriber' | 'member'

/** Of those who signed up for the newsletter: who gets nothing, and why. */
export interface SendingLeftOut {
  /** They have not confirmed. */
  readonly pending: number
  /** They asked for a rest. */
  readonly paused: number
  readonly left: number
  /** They bounced, complained, or must not be written to for another reason. */
  readonly suppressed: number
  /** They have it already, or may have it. */
  readonly had: number
  /** Addresses of the newsletter under names reserved for tests, where a server of other machines would be given them. */
  readonly reserved: number
}

/** Where it goes. The outbox is a rehearsal: nobody is mailed. */
export interface SendingServer {
  readonly kind: 'outbox' | 'smtp'
  /** `smtp://mail.example.org:587` without credentials, or `the outbox`. */
  readonly label: string
  /** On this machine. */
  readonly local: boolean
}

/** A moment, as people here write it. */
export interface SendingMoment {
  readonly at: string
  /** “Tue 24 Nov 2026, 07:30”, in the publication's time zone. */
  readonly words: string
  /** “Tue 24 Nov 2026, 07:30 (Europe/Malta, UTC+1)”: once is enough of a screen. */
  readonly inFull: string
}

/** A send that waits for its time. */
export interface ScheduledSend {
  readonly issue: string
  /** A rehearsal goes to the outbox. */
  readonly kind: 'real' | 'rehearsal'
  readonly to: SendingTo
  readonly at: SendingMoment
  /** “in 1 day 3 h”, “2 min late”. */
  readonly inWords: string
  /** When its text was frozen: what is approved then goes out. */
  readonly frozenAt: SendingMoment
  /** Null: it starts by itself. Else why it does not, and waits for a person. */
  readonly held: string | null
  /** Somebody has sent the issue back since, so that it does not start unless it is approved again. */
  readonly sentBack: boolean
  /** The files are not what was frozen: a sentence that says what goes out; null: they are. */
  readonly change: string | null
  /** Whether a process is there that would start it; null: that cannot be told. */
  readonly worker: boolean | null
}

/** What one press of “Send” would do. */
export interface SendingPlan {
  readonly issue: string
  readonly newsletter: { readonly key: string; readonly name: string } | null
  /** Of the subscribers' edition; null where it cannot be built. */
  readonly subject: string | null
  /** `Name <address>`, null where it cannot be built. */
  readonly from: string | null
  readonly replyTo: string | null
  /** first: to everybody; again: to whom the last one had not; corrected: after a cancel, to whom nothing had gone out. */
  readonly mode: 'first' | 'again' | 'corrected'
  /** Whom it would go to now. What a person types to start it is the number of whom they chose: `numberOf`. */
  readonly audience: SendingAudience
  readonly leftOut: SendingLeftOut
  readonly server: SendingServer
  /** Where it has gone out: when, how far, to how many; the latest round of this kind. */
  readonly before: {
    readonly at: SendingMoment
    readonly state: SendingState
    readonly accepted: number
    readonly unknown: number
  } | null
  readonly scheduled: ScheduledSend | null
  /** When it is due by its newsletter's cadence; null: it has none, or that has passed. */
  readonly due: { readonly at: SendingMoment; readonly inWords: string } | null
  /** Where its approval stands, as a sentence; null where its files cannot be read. */
  readonly approval: string | null
  /** What keeps it from being started, each with the place that mends it; none: it may be. */
  readonly blocks: readonly ReadinessLine[]
  /** Sentences to be read before it is started. */
  readonly notes: readonly string[]
}

/** What became of a test message. */
export interface TestResult {
  readonly accepted: boolean
  readonly to: string
  readonly tier: 'public' | 'subscriber' | 'member'
  readonly server: SendingServer
  readonly messageId: string
  /** What the server said. */
  readonly reply: string
  /** The same as a sentence. */
  readonly words: string
}

export type SendingState = 'scheduled' | 'freezing' | 'sending' | 'paused' | 'done' | 'cancelled'

/** Deliveries by state; their sum is `total`. */
export interface SendingCounts {
  readonly queued: number
  readonly claimed: number
  readonly onWire: number
  readonly deferred: number
  readonly accepted: number
  readonly rejected: number
  readonly unknown: number
  readonly suppressed: number
  readonly cancelled: number
  readonly bounced: number
  readonly complained: number
}

/** A send at one moment. */
export interface SendingStatus {
  readonly issue: string
  readonly kind: 'real' | 'rehearsal'
  readonly state: SendingState
  /** Why it stands; null: there is none, or somebody asked for the pause. */
  readonly reason: string | null
  readonly server: string
  readonly to: SendingTo
  /** While `freezing`: whom it has come to so far. */
  readonly total: number
  /** Not yet settled: what still may go out. */
  readonly waiting: number
  readonly counts: SendingCounts
  /** Messages accepted a second: of the last seconds while it is sent, else over the whole. */
  readonly rate: number
  /** Seconds until what waits has gone out, at this rate; null: not known, or nothing is being sent. */
  readonly secondsLeft: number | null
  /** Whether a process is sending now; null: that cannot be told. */
  readonly sender: boolean | null
  /** When the next deferred one is tried again. */
  readonly nextDue: SendingMoment | null
  /** What a person should know or do: sentences, often none. */
  readonly notes: readonly string[]
  readonly startedAt: SendingMoment
  readonly finishedAt: SendingMoment | null
  readonly scheduled: ScheduledSend | null
}

/** How the deliveries to one recipient domain stand. */
export interface SendingDomain {
  /** Null: people who were erased. */
  readonly domain: string | null
  readonly total: number
  readonly waiting: number
  readonly deferred: number
  readonly accepted: number
  readonly refused: number
  readonly unknown: number
}

/** What servers said to several in the same way. Names no address. */
export interface SendingTrouble {
  readonly state: 'deferred' | 'rejected'
  readonly domain: string | null
  readonly count: number
  /** What it means, in words, and what the server said last. */
  readonly words: string
  readonly reply: string
  /** Of what is deferred: when it is tried again. */
  readonly nextAt: SendingMoment | null
}

/** A delivery whose end is not known. */
export interface SendingUnknown {
  /** Null once the person is erased. */
  readonly address: string | null
  /** To look for in the server's log. */
  readonly messageId: string | null
  readonly since: SendingMoment
  readonly reply: string
}

/** One sending of an issue, among those that were. */
export interface SendingRound {
  readonly kind: 'real' | 'rehearsal'
  /** From 1, of its kind. */
  readonly number: number
  readonly state: Exclude<SendingState, 'scheduled'>
  readonly server: string
  readonly to: SendingTo
  readonly startedAt: SendingMoment
  readonly finishedAt: SendingMoment | null
  readonly total: number
  readonly counts: SendingCounts
}

/** What became of a send, in detail. */
export interface SendingResult {
  readonly status: SendingStatus
  /** Those with trouble first, as many as fit a page; `domainCount` is how many there are in all. */
  readonly domains: readonly SendingDomain[]
  readonly domainCount: number
  readonly troubles: readonly SendingTrouble[]
  readonly unknowns: readonly SendingUnknown[]
}

/**
 * Sends, watched and steered from the studio.
 *
 * What is refused is an `OnrecordError` `refused`, with the next step as its hint; an issue that is not there is
 * `not-found`; a time that cannot be is `usage`.
 */
export interface Sending {
  /** How numbers and times are written here, and through what it goes. */
  readonly setting: {
    readonly lang: string
    readonly timeZone: string
  }
  /** What “Send” would do now, and what keeps it from being done. */
  plan(issue: string): Promise<SendingPlan>
  /** One message with `[Test]` in its subject and harmless links; drafts too. No row is written. */
  test(issue: string, address: string, tier: 'public' | 'subscriber' | 'member'): Promise<TestResult>
  /**
   * Freezes the text, and starts it in a process of its own, now or at a time.
   * @param options.typed the number that the person typed: refused when it is not that of `to` any more
   * @param options.to whom of the newsletter; whoever that leaves out may be sent to later, and nobody twice
   * @param options.through what they were told that it goes through: refused when that is another by now; default: whatever it is
   * @param options.at null: now; else as on the command line: `2026-11-24 07:30`, `tomorrow 07:30`, ISO with an offset
   */
  start(
    issue: string,
    options: {
      readonly typed: number
      readonly at: string | null
      readonly to: SendingTo
      readonly through?: SendingServer['kind']
    },
  ): Promise<SendingStatus>
  /** What is not yet on the wire stays here; `resume` goes on. */
  pause(issue: string): Promise<SendingStatus>
  resume(issue: string): Promise<SendingStatus>
  /** Of a send in flight: for good. Of one that is scheduled: it is taken back, and null is given. */
  cancel(issue: string): Promise<SendingStatus | null>
  /**
   * Of those whose end is not known: `resend` mails each once more, with the same Message-ID, and never a third time;
   * `hold` leaves them as they are.
   */
  resolve(issue: string, how: 'hold' | 'resend'): Promise<{ readonly resent: number; readonly held: number }>
  /** When that is, in full, and how long until then; refused (`usage`) as `start` would. */
  readTime(at: string): Promise<{ readonly at: SendingMoment; readonly inWords: string }>
  /** Null: nothing of it was sent or scheduled. */
  status(issue: string): Promise<SendingStatus | null>
  /** Null: nothing of it was sent. */
  result(issue: string): Promise<SendingResult | null>
  /** Of `result`, every domain, those with trouble first. */
  domains(issue: string): Promise<readonly SendingDomain[]>
  /** All that was ever sent of the issue, the latest first. */
  rounds(issue: string): Promise<readonly SendingRound[]>
  /** Every send that waits for its time, the next first. */
  scheduled(): Promise<readonly ScheduledSend[]>
  /**
   * Told of the issue's send now and whenever it has changed, four times a second at most.
   * @returns ends it
   */
  onProgress(issue: string, listener: (status: SendingStatus | null) => void): () => void
  /** Lets what is on the wire finish and ends the process that sends; what is left is resumed later. */
  close(): Promise<void>
}
