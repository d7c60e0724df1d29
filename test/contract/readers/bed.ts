import type { DueLetter, Proof, ReaderStore } from '../../../src/subscribers/readers.ts'
import type { SubscriberStore } from '../../../src/subscribers/store.ts'
import { address } from '../subscribers.ts'

/** Open stores on one empty database whose clock the suite sets; sessions hold 90 days. */
export interface OpenReaders {
  readonly readers: ReaderStore
  readonly subscribers: SubscriberStore
  readonly clock: { time: number }
  close(): Promise<void>
}

export const hour = 3_600_000
export const day = 24 * hour
export const proof: Proof = { askedAt: 5, form: 'sign-up', words: 'I want it.', network: '203.0.113.0/24' }

type LetterOf<Kind extends DueLetter['kind']> = Extract<DueLetter, { kind: Kind }>

/** The stores of the test that runs, and what most of them do. */
export interface ReaderBed {
  readonly store: ReaderStore
  readonly subscribers: SubscriberStore
  readonly clock: { time: number }
  signUp(text: string, newsletter?: string): Promise<void>
  askLogIn(text: string, next?: string): Promise<void>
  /** Takes every letter that is due, as sent. */
  mail(): Promise<readonly DueLetter[]>
  /** Takes every letter that is due and gives back the one of that kind. */
  letter<Kind extends DueLetter['kind']>(kind: Kind): Promise<LetterOf<Kind>>
  /** Somebody who has signed up and confirmed; letters are all sent. */
  reader(text: string, newsletter?: string): Promise<{ readonly publicId: string; readonly cookie: string }>
  /** Logs somebody in once more; the cookie. */
  logIn(text: string): Promise<string>
  stateOf(publicId: string, newsletter?: string): Promise<string | null>
  /** New, empty stores in place of these, for one run of a property. */
  reopen(): Promise<void>
}

/** @param reopen puts new, empty stores in place of those that `stores` gives */
export function bedOf(stores: () => OpenReaders, reopen: () => Promise<void>): ReaderBed {
  const bed: ReaderBed = {
    get store() {
      return stores().readers
    },
    get subscribers() {
      return stores().subscribers
    },
    get clock() {
      return stores().clock
    },
    signUp: (text, newsletter = 'weekly') =>
      bed.store.ask({ kind: 'sign-up', address: address(text), newsletter, proof }),
    askLogIn: (text, next) => bed.store.ask({ kind: 'log-in', address: address(text), next: next ?? null }),
    async mail() {
      const taken: DueLetter[] = []
      for (;;) {
        const letter = await bed.store.nextLetter()
        if (letter === null) return taken
        await bed.store.settleLetter(letter.id, 'sent')
        taken.push(letter)
      }
    },
    async letter<Kind extends DueLetter['kind']>(kind: Kind) {
      const letters = await bed.mail()
      const found = letters.find((each): each is LetterOf<Kind> => each.kind === kind)
      if (found === undefined) throw new Error(`no ${kind} among ${letters.map((each) => each.kind).join()}`)
      return found
    },
    async reader(text, newsletter = 'weekly') {
      await bed.signUp(text, newsletter)
      const entered = await bed.store.confirm((await bed.letter('confirm')).token)
      if (entered.state !== 'entered') throw new Error(entered.state)
      await bed.mail()
      return { publicId: entered.publicId, cookie: entered.session }
    },
    async logIn(text) {
      await bed.askLogIn(text)
      const entered = await bed.store.logIn((await bed.letter('log-in')).token)
      if (entered.state !== 'entered') throw new Error(entered.state)
      return entered.session
    },
    async stateOf(publicId, newsletter = 'weekly') {
      const account = await bed.store.account(publicId)
      return account?.subscriber.subscriptions.find((each) => each.newsletter === newsletter)?.state ?? null
    },
    reopen,
  }
  return bed
}
