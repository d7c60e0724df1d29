import { sizeBudget } from '../size.ts'
import type { MailTree } from './mail-tree.ts'
import { remark, type Remark } from './remark.ts'

/** An image of the mail as it goes out. */
export interface MailImage {
  /** As the mail names it. */
  readonly src: string
  readonly bytes: number
}

export interface MailSizes {
  /** Of the HTML part, in UTF-8. */
  readonly html: number
  readonly text: number
  /** Of the whole message, or null where it was not composed. */
  readonly message: number | null
  /** Of the images together; they are fetched, not sent. */
  readonly images: number
  /** Where Gmail cuts the HTML part. */
  readonly clip: number
}

/** Gmail drops a style sheet that takes all of them together beyond this. */
const STYLE_BYTES = 16_384
const IMAGE_BYTES = 300_000
const IMAGES_BYTES = 1_500_000

export function sizesOf(
  mail: { readonly html: string; readonly text: string; readonly images: readonly MailImage[] },
  message: number | null,
): MailSizes {
  return {
    html: Buffer.byteLength(mail.html),
    text: Buffer.byteLength(mail.text),
    message,
    images: mail.images.reduce((sum, { bytes }) => sum + bytes, 0),
    clip: sizeBudget.refuse,
  }
}

export function sizeRemarks(
  sizes: MailSizes,
  tree: MailTree,
  images: readonly MailImage[],
): readonly Remark[] {
  const remarks: Remark[] = []
  const shorten = 'shorten it or split the issue'
  if (sizes.html > sizes.clip) {
    remarks.push(
      remark(
        'size.clip',
        'breaks',
        `Gmail cuts the mail off: its HTML has ${kilobytes(sizes.html)} KB, and more than 100 KB are hidden behind a link.`,
        { hint: shorten },
      ),
    )
  } else if (sizes.html > sizeBudget.warn) {
    remarks.push(
      remark(
        'size.near-clip',
        'looks-different',
        `The mail’s HTML has ${kilobytes(sizes.html)} KB; Gmail cuts it off at 100 KB, and what a mail server adds on the way counts.`,
        { hint: shorten },
      ),
    )
  }
  const styles = tree.styles.reduce((sum, { css }) => sum + Buffer.byteLength(css), 0)
  if (styles > STYLE_BYTES) {
    remarks.push(
      remark(
        'size.styles',
        'looks-different',
        `The style sheets have ${kilobytes(styles)} KB; Gmail reads 16 KB and leaves the rest out.`,
      ),
    )
  }
  for (const { src, bytes } of images.filter((image) => image.bytes > IMAGE_BYTES)) {
    remarks.push(
      remark(
        'size.image',
        'looks-different',
        `The image ${nameOf(src)} has ${kilobytes(bytes)} KB and appears late on a phone.`,
        { hint: 'keep it under 300 KB' },
      ),
    )
  }
  if (sizes.images > IMAGES_BYTES) {
    remarks.push(
      remark(
        'size.images',
        'looks-different',
        `The images have ${kilobytes(sizes.images)} KB together; a reader on the move waits for them.`,
      ),
    )
  }
  return remarks
}

function nameOf(src: string): string {
  return src.slice(src.lastIndexOf('/') + 1).slice(0, 60)
}

function kilobytes(bytes: number): string {
  return bytes >= 10_240 ? String(Math.round(bytes / 1024)) : (bytes / 1024).toFixed(1)
}
