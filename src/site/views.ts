import type { Tier } from '../core/tier.ts'
import type { ArchivedCorrection, ArchiveHead, SearchResult, SourcePlace } from '../delivery/archive.ts'
import type { PageBrief, PageDocument, PageSource } from '../render/page-document.ts'
import type { Account } from '../subscribers/readers.ts'

/**
 * What each page of a look, `web/pages/<name>.html.hbs`, is given: its view, and `frame`. Fields that end in
 * `Html` are markup of ours, to be written as they are; all others are text.
 */
export interface PageViews {
  readonly front: {
    /** On the first page; `issues` are then those before it. */
    readonly latest: FrontIssue | null
    readonly issues: readonly FrontIssue[]
    readonly older: string | null
    readonly newer: string | null
  }
  readonly issue: IssueView & {
    /** Opened by a link in mail that has ended: the page is everybody’s. */
    readonly linkEnded: boolean
  }
  readonly brief: IssueView & {
    /** Then `cited` is what the brief cites. */
    readonly brief: PageBrief
    readonly previous: { readonly href: string; readonly title: string } | null
    readonly next: { readonly href: string; readonly title: string } | null
  }
  readonly source: {
    readonly source: PageSource
    readonly places: readonly (SourcePlace & { readonly href: string })[]
    readonly lock: Lock | null
  }
  readonly search: {
    readonly query: string
    readonly result: SearchResult | null
    /** Where nothing was found: what to read instead. */
    readonly newest: readonly ArchiveHead[]
    readonly older: string | null
    readonly newer: string | null
  }
  readonly corrections: {
    readonly policyHtml: string | null
    readonly corrections: readonly (ArchivedCorrection & {
      readonly href: string
      readonly dayText: string
    })[]
    readonly older: string | null
    readonly newer: string | null
  }
  readonly sourcing: {
    /** From `policies` of onrecord.yaml, Markdown rendered. */
    readonly policies: readonly { readonly id: string; readonly title: string; readonly html: string }[]
    /** What the desk check asks. */
    readonly rules: readonly {
      readonly id: string
      readonly name: string
      readonly severity: string
      readonly about: string
    }[]
  }
  readonly subscribe: { readonly problem: string | null; readonly email: string }
  readonly 'log-in': {
    readonly problem: string | null
    readonly next: string | null
    /** As it was typed. */
    readonly email: string
  }
  readonly preferences: {
    readonly account: Account
    readonly csrf: string
    readonly saved: string | null
    /** What was wrong with what was just sent. */
    readonly problem: string | null
    /** Mail is paused: until when, for people, or null where no day was set. */
    readonly paused: { readonly untilText: string | null } | null
    /** What was typed as the new address and could not be taken, or empty. */
    readonly newAddress: string
    /** Why nothing may be mailed to the address, or null. */
    readonly stopped: string | null
    readonly newsletters: readonly {
      readonly key: string
      readonly name: string
      readonly description: string
      readonly wanted: boolean
      readonly words: string
    }[]
  }
  /** Confirm, welcome, sent, left, undone, an error: a heading, what is to be said, and at most one form. */
  readonly message: Message
}

/** An issue on the front page. */
export interface FrontIssue extends ArchiveHead {
  /** Null where there is one newsletter alone. */
  readonly newsletterName: string | null
}

export type PageName = keyof PageViews

/** An issue and its sources for one tier. */
export interface IssueView {
  readonly page: PageDocument
  readonly lock: Lock | null
  /** Of `page.sources`; made by `issueView`. */
  readonly cited: readonly ListedSource[]
  readonly consulted: readonly ListedSource[]
  /** The site's address of each brief, by its id. */
  readonly briefHrefs: Readonly<Record<string, string>>
}

/** A line of the list of sources. */
export interface ListedSource extends PageSource {
  /** The page about it: every brief that cites it. */
  readonly pageHref: string
}

/** “9 sources, 3 open, 6 unlock when you confirm”, and where to. */
export interface Lock {
  readonly total: number
  readonly open: number
  readonly unlock: number
  /** Sections and briefs that are for members, of which there is a teaser. */
  readonly forMembers: number
  readonly href: string
  /** The tier that unlocks. */
  readonly by: Exclude<Tier, 'public'>
}

export interface Message {
  /** Which one, for a look that wants to tell them apart. */
  readonly kind: string
  readonly title: string
  readonly paragraphs: readonly string[]
  readonly form: {
    readonly action: string
    readonly button: string
    readonly hidden: readonly { readonly name: string; readonly value: string }[]
  } | null
  readonly links: readonly { readonly href: string; readonly label: string }[]
}

/** What stands around every page. Nothing in it tells one reader of a tier from another. */
export interface Frame {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** For the window: with the publication's name. */
  readonly title: string
  /** The same without it. */
  readonly heading: string
  readonly description: string | null
  /** Absolute, without a query; null: no page that is to be found. */
  readonly canonical: string | null
  /** False: `<meta name="robots" content="noindex">`. */
  readonly indexed: boolean
  readonly image: { readonly src: string; readonly alt: string } | null
  readonly published: string | null
  /** schema.org, escaped for a `<script>`. */
  readonly linkedData: string | null
  /** The front page: the publication’s name is its heading. */
  readonly home: boolean
  readonly publication: {
    readonly name: string
    readonly tagline: string | null
    readonly postalAddress: string
    readonly url: string
  }
  readonly style: string
  readonly script: string | null
  readonly tier: Tier
  readonly isPublic: boolean
  readonly isMember: boolean
  readonly signedIn: boolean
  readonly navigation: readonly {
    readonly href: string
    readonly label: string
    /** It leads to the page that it stands on. */
    readonly current: boolean
  }[]
  /** The newsletter that the page is about, where there are several. */
  readonly newsletter: string | null
  /** Where the page says what is kept of readers, or null. */
  readonly privacy: string | null
  /** The sign-up form, for the page that is about signing up. */
  readonly subscribing: SignUpForm
  /** The form that stands on every page of the public; null: signed in, or the page has a form of its own. */
  readonly signUp: SignUpForm | null
}

export interface SignUpForm {
  readonly action: string
  readonly newsletters: readonly {
    readonly key: string
    readonly name: string
    readonly description: string
    readonly words: string
  }[]
  /** Several newsletters: one is chosen. */
  readonly many: boolean
  readonly privacy: string | null
}

/** What a page says of itself; the rest of its frame follows from the publication and the reader. */
export interface PageHead {
  readonly title: string
  readonly description?: string | null
  /** From the root: `/issues/2025-w46`; left out: not to be found. */
  readonly path?: string | null
  readonly lang?: string
  readonly dir?: 'ltr' | 'rtl'
  readonly image?: Frame['image']
  readonly published?: string | null
  readonly linkedData?: string | null
  /** The front page. */
  readonly home?: boolean
  /** The newsletter whose look it has; default: the first. */
  readonly newsletter?: string
  /** Whether the sign-up form stands on it; default: for the public. */
  readonly signUp?: boolean
}
