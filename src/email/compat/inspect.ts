import { usualMailClients, type MailClientId } from '../../core/mail-clients.ts'
import { computeStyles } from './cascade.ts'
import { matchStyles } from './match-styles.ts'
import { clientRemarks } from './client-remarks.ts'
import { contrastRemarks, contrasts, type Contrast, type Shown } from './contrast.ts'
import { featuresUsed } from './features.ts'
import { formRemarks } from './form-remarks.ts'
import { headerRemarks } from './header-remarks.ts'
import { readMail } from './mail-tree.ts'
import { remark, type Remark } from './remark.ts'
import { sizeRemarks, sizesOf, type MailImage, type MailSizes } from './size-remarks.ts'
import { supportUpdated } from './support.ts'

/** A mail as it goes out to one reader. */
export interface InspectedMail {
  readonly html: string
  /** The same with position marks as attributes: the places of remarks are then those of it. */
  readonly marked?: string
  readonly text: string
  /** The message's header as it stands, with its line ends; null where it was not composed. */
  readonly headers: string | null
  readonly images: readonly MailImage[]
  /** Octets of the whole message, where it was composed. */
  readonly messageBytes?: number
}

/** What a reader would notice about a mail, worst first. */
export interface Inspection {
  readonly remarks: readonly Remark[]
  readonly sizes: MailSizes
  /** The lowest contrast of text in each way of showing the mail; null where there is no text. */
  readonly contrast: Readonly<Record<Shown, number | null>>
  readonly clients: readonly MailClientId[]
  /** Features that some of these programs lack and nobody misses, by caniemail's titles. */
  readonly unnoticed: readonly string[]
  /** The day of caniemail's data, ISO. */
  readonly dataFrom: string
}

/** Width of a window in which a mail's wide layout shows, in CSS pixels. */
const WIDE = 1024

/**
 * Looks at a mail as mail programs and readers meet it. Pure; never throws, whatever the HTML is; takes about
 * 20 ms for an issue of 70 KB.
 */
export function inspectMail(
  mail: InspectedMail,
  options: { readonly clients?: readonly MailClientId[] } = {},
): Inspection {
  const clients = options.clients ?? usualMailClients
  const tree = readMail(mail.marked ?? mail.html)
  const styled = matchStyles(tree)
  const light = computeStyles(styled, { scheme: 'light', width: WIDE })
  const dark = computeStyles(styled, { scheme: 'dark', width: WIDE })
  const pairs: Readonly<Record<Shown, readonly Contrast[]>> = {
    light: contrasts(tree, light, 'light'),
    dark: contrasts(tree, dark, 'dark'),
    'forced-dark': contrasts(tree, light, 'forced-dark'),
  }
  const sizes = sizesOf(mail, mail.messageBytes ?? null)
  const { remarks, unnoticed } = clientRemarks(featuresUsed(styled, light), clients)
  const shown: readonly Shown[] = ['light', 'dark', 'forced-dark']
  const all = [
    ...remarks,
    ...shown.flatMap((each) => contrastRemarks(pairs[each], each)),
    ...sizeRemarks(sizes, tree, mail.images),
    ...(mail.headers === null ? [] : headerRemarks(mail.headers)),
    ...formRemarks(styled, light),
    ...(mail.text.trim() === '' ? [noText] : []),
  ]
  return {
    remarks: all.toSorted((a, b) => Number(b.severity === 'breaks') - Number(a.severity === 'breaks')),
    sizes,
    contrast: {
      light: lowest(pairs.light),
      dark: lowest(pairs.dark),
      'forced-dark': lowest(pairs['forced-dark']),
    },
    clients,
    unnoticed,
    dataFrom: supportUpdated,
  }
}

const noText = remark(
  'form.text',
  'breaks',
  'The mail has no text part; who reads mail as text sees nothing, and filters mistrust it.',
)

function lowest(all: readonly Contrast[]): number | null {
  return all.length === 0 ? null : Math.min(...all.map(({ ratio }) => ratio))
}
