import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { OnrecordError } from '../core/errors.ts'
import { tiers, type Tier } from '../core/tier.ts'
import type { Recipient } from '../email/edition.ts'
import { personalise } from '../email/personalise.ts'
import { withAttributes, withoutMarks } from '../render/position-marks.ts'
import type { Persona } from './contract/preview.ts'
import type { Workbench } from './deps.ts'
import type { Library, ShelvedIssue } from './library.ts'
import { recipientOf, type Addressing, type Readers } from './personas.ts'
import type { PreviewEdition } from './preview.ts'

/** What is asked to be seen; all as it stands in an address. */
export interface ViewQuery {
  readonly tier?: string | undefined
  /** Default: the usual sample. */
  readonly persona?: string | undefined
  /** Default: the issue's own. */
  readonly look?: string | undefined
}

/** An issue as one person would get it. */
export interface ReaderView {
  readonly issue: ShelvedIssue
  readonly tier: Tier
  readonly persona: Persona
  readonly recipient: Recipient
  readonly look: string
  readonly ownLook: string
  readonly edition: PreviewEdition
  /** As it is sent. */
  readonly html: string
  /** `html` with position marks. */
  readonly marked: string
}

/**
 * Finds out what is asked for. The person's values are spliced in by the code that sends.
 *
 * @throws OnrecordError `not-found`, as a sentence, where there is no such issue, person or look, or nothing to be shown
 */
export async function viewReader(
  { library, deps }: Pick<Workbench, 'library' | 'deps'>,
  readers: Readers,
  id: string,
  query: ViewQuery,
): Promise<ReaderView> {
  const tier = tiers.find((each) => each === query.tier) ?? 'subscriber'
  const issue = await library.issue(id, tier)
  if (issue === null) throw notFound(`There is no issue ${id} in briefs/.`, 'It may have been renamed.')
  const { shown } = issue
  const own = shown?.editions?.[tier]
  if (shown === null || shown.meta === null || own === undefined)
    throw issue.fault === null
      ? notFound(
          'The draft has errors, and the studio has kept no version of it from before.',
          'Check says what is wrong, and where; the picture comes when it is mended.',
        )
      : notFound(issue.fault, 'Save the draft once more, and it is built again.')
  const ownLook = shown.meta.look
  const look = query.look ?? ownLook
  const edition = look === ownLook ? own : await inLook(library, deps.root, { id, tier, look })
  const { newsletter, date } = shown.meta
  const persona = await readers.find(query.persona ?? 'sample', newsletter)
  if (persona === null)
    throw notFound('This reader is not there any more.', 'Choose another one as whom to look at it.')
  const recipient = recipientOf(persona, tier, {
    ...{ issue: id, newsletter, date, hash: edition.hash, baseUrl: deps.baseUrl },
    idHost: hostOf(edition.headers),
  })
  const known = { issue, tier, persona, recipient, look, ownLook, edition }
  if (persona.id === 'sample') return { ...known, html: edition.html, marked: edition.marked }
  const addressed = { issue: id, envelope: { baseUrl: deps.baseUrl }, html: edition.slotted, text: '' }
  const { html } = personalise(addressed, recipient)
  return { ...known, html: withoutMarks(html), marked: withAttributes(html) }
}

/** The looks of a publication; where it has none, those of its issues alone are known. */
export async function listLooks(root: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, 'templates'), { withFileTypes: true }).catch(() => [])
  return entries
    .flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? entry.name : []))
    .sort()
}

async function inLook(
  library: Library,
  root: string,
  { id, tier, look }: { readonly id: string; readonly tier: Tier; readonly look: string },
): Promise<PreviewEdition> {
  const looks = await listLooks(root)
  if (!looks.includes(look))
    throw notFound(`There is no look ${look} under templates/.`, `There are: ${looks.join(', ')}`)
  const edition = await library.look(id, tier, look)
  if (edition === null)
    throw notFound(
      `The look ${look} does not work for this issue.`,
      'onrecord check says what is wrong with it.',
    )
  return edition
}

function hostOf(headers: PreviewEdition['headers']): Addressing['idHost'] {
  const from = headers.find(({ name }) => name.toLowerCase() === 'from')?.value ?? ''
  return /@([^\s@<>]+)>?$/.exec(from)?.[1] ?? 'example.org'
}

function notFound(message: string, hint: string): OnrecordError {
  return new OnrecordError('not-found', message, { hint })
}
