import type { themeView } from '../../render/view.ts'
import type { DueLetter } from '../../subscribers/readers.ts'

/** What a look's `letters/letter.html.hbs` and `.txt.hbs` are given, with the frame. All of it is text. */
export interface LetterWords {
  readonly kind: DueLetter['kind']
  readonly subject: string
  /** What a list of messages shows after the subject. */
  readonly preheader: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  /** An issue that the letter tells of; `briefs` are titles. */
  readonly issue: {
    readonly title: string
    readonly about: string
    readonly briefs: readonly string[]
  } | null
  readonly button: { readonly href: string; readonly label: string } | null
  /** After the button, in small print. */
  readonly notes: readonly string[]
  readonly links: readonly { readonly href: string; readonly label: string }[]
}

/** The frame around the words. */
export interface LetterView extends LetterWords {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  readonly publication: { readonly name: string; readonly postalAddress: string; readonly url: string }
  readonly theme: ReturnType<typeof themeView>
}
