import { issueAsItIs } from '../../src/cli/ready-issue.ts'
import type { Config } from '../../src/config.ts'
import type { ReadyIssue } from '../../src/delivery/publish.ts'
import { sampleRecipient } from '../../src/email/compile.ts'
import { compileWire } from '../../src/email/compile-wire.ts'
import { composeMessage } from '../../src/email/compose.ts'
import type { Edition } from '../../src/email/edition.ts'
import { anySlotMark } from '../../src/render/slots.ts'

/** The issue of the sample that is sent. */
export const ISSUE = '2025-w46'

/** Octets of a message, as Postfix’s load generator is given them. */
export const MESSAGE_SIZE = 40_000

/**
 * The sample issue, built as a send builds it and then cut: rows and paragraphs are taken out of the
 * middle of both parts until a message has `MESSAGE_SIZE` octets. Head, footer and slots stay as they are.
 */
export async function benchIssue(config: Config): Promise<ReadyIssue> {
  const { editions, ...rest } = await issueAsItIs(config, ISSUE)
  return {
    ...rest,
    images: [],
    editions: {
      public: editions.public,
      subscriber: await cutToSize(editions.subscriber),
      member: await cutToSize(editions.member),
    },
  }
}

async function cutToSize({ wire: _whole, ...edition }: Edition): Promise<Edition> {
  let cut: Edition = edition
  for (;;) {
    const message = (await composeMessage(cut, sampleRecipient(cut))).length
    const share = 1 - MESSAGE_SIZE / message
    // Of each part as much as its share of the message; one block more or less does not matter.
    const html = without(cut.html, /<(tr|p|li|h\d)[ >](?:(?!<\1[ >]).)*?<\/\1>/gs, share)
    const text = without(cut.text, /[^\n]+\n/g, share)
    if (html === cut.html && text === cut.text)
      return {
        ...cut,
        wire: compileWire(cut),
        images: [],
        hash: `${cut.hash.slice(0, -4)}-cut`,
        bytes: { ...cut.bytes, message },
      }
    cut = { ...cut, html, text }
  }
}

/** Takes blocks that hold no slot out of the middle, `share` of the text at most. */
function without(text: string, block: RegExp, share: number): string {
  const middle = text.length / 2
  const blocks = [...text.matchAll(block)]
    .filter(([match]) => match.search(anySlotMark) < 0)
    .toSorted((a, b) => Math.abs(a.index - middle) - Math.abs(b.index - middle))
  let left = text.length * share
  const gone: { readonly from: number; readonly to: number }[] = []
  for (const { index, 0: match } of blocks) {
    if (match.length > left) continue
    gone.push({ from: index, to: index + match.length })
    left -= match.length
  }
  return gone
    .toSorted((a, b) => b.from - a.from)
    .reduce((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), text)
}
