import type { DueLetter, ReaderStore } from '../subscribers/readers.ts'
import type { Metrics } from './metrics.ts'

/** The same readers, with what they do counted: never who. */
export interface CountedReaders {
  readonly readers: ReaderStore
  /** When letters were last looked for, in milliseconds since the epoch; null: never. */
  lookedAt(): number | null
}

/** Counts sign-ups, letters and departures of `readers`. */
export function countReaders(
  readers: ReaderStore,
  { metrics, clock }: { readonly metrics: Metrics; readonly clock: { now(): number } },
): CountedReaders {
  let looked: number | null = null
  const kinds = new Map<number, DueLetter['kind']>()
  return {
    lookedAt: () => looked,
    readers: {
      ...readers,
      async ask(wish) {
        await readers.ask(wish)
        if (wish.kind === 'sign-up') metrics.count('onrecord_sign_ups_total', { state: 'asked' })
      },
      async confirm(token) {
        const entered = await readers.confirm(token)
        if (entered.state === 'entered' || entered.state === 'confirmed')
          metrics.count('onrecord_sign_ups_total', { state: 'confirmed' })
        return entered
      },
      async leave(publicId, newsletter, proof) {
        const left = await readers.leave(publicId, newsletter, proof)
        if (left === 'left') metrics.count('onrecord_left_total')
        return left
      },
      async nextLetter() {
        looked = clock.now()
        const letter = await readers.nextLetter()
        if (letter !== null) kinds.set(letter.id, letter.kind)
        return letter
      },
      async settleLetter(id, outcome) {
        await readers.settleLetter(id, outcome)
        metrics.count('onrecord_letters_total', { kind: kinds.get(id) ?? 'unknown', outcome })
        kinds.delete(id)
      },
    },
  }
}
