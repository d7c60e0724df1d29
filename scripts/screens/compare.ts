import type { Page } from 'playwright-core'
import type { ApprovalSheet } from '../../src/studio/contract/approval.ts'
import type { ComparedVersions, Segment } from '../../src/studio/contract/compare.ts'
import type { Screen } from './screen.ts'

const issue = '/api/issues/2025-w46'

/** Approves the sample as it is, once, and shows it as if words of it had been changed since; nothing is written. */
export async function asIfChanged(page: Page): Promise<void> {
  const { origin } = new URL(page.url())
  const path = `${origin}${issue}/approval`
  const { history } = (await (await page.request.get(path)).json()) as ApprovalSheet
  const token = (await page.locator('meta[name="onrecord-token"]').getAttribute('content')) ?? ''
  const headers = { Origin: origin, 'X-Onrecord-Token': token }
  const data = { step: 'approved', by: 'Bo Chen', note: null }
  if (history.length === 0) await page.request.post(path, { headers, data })
  await page.route(`**${issue}/compare?**`, async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ json: changed((await answer.json()) as ComparedVersions) })
  })
}

/** The same mail with other words, another link and one paragraph that is gone. */
function changed(compared: ComparedVersions): ComparedVersions {
  const texts = compared.blocks.flatMap(({ kind, line, segments }, index) =>
    kind === 'text' && line !== null && segments.length > 1 ? [index] : [],
  )
  const [first = 0, second = 0, third = 0] = [texts[0], texts[2], texts[5]]
  const segmentsOf = (index: number): readonly Segment[] => compared.blocks[index]?.segments ?? []
  const at = (block: number) => ({ block, line: compared.blocks[block]?.line ?? null })
  const word = (kind: Segment['kind'], text: string): Segment => ({ kind, text, from: null, to: null })
  const [start, ...rest] = segmentsOf(first)
  const words = start?.text.split(' ') ?? []
  const reworded = [
    word('same', words.slice(0, 4).join(' ')),
    word('removed', ` ${words.slice(4, 6).join(' ')}`),
    word('added', ' negotiations between'),
    word('same', ` ${words.slice(6).join(' ')}`),
    ...rest,
  ]
  const gone = segmentsOf(third).map(({ text }) => word('removed', text))
  const shown = new Map([
    [first, reworded],
    [third, gone],
  ])
  const cited = segmentsOf(second).find(({ text }) => text.includes('['))
  return {
    ...compared,
    blocks: compared.blocks.map((block, index) => {
      const isChanged = [first, second, third].includes(index)
      const segments = shown.get(index) ?? block.segments
      return isChanged ? { ...block, how: index === third ? 'removed' : 'changed', segments } : block
    }),
    changes: [
      { kind: 'text', how: 'changed', at: at(first), segments: reworded },
      {
        kind: 'link',
        at: at(second),
        words: cited?.text.trim() ?? '',
        from: 'https://www.dawn.com/news/1947772',
        to: cited?.to ?? null,
      },
      { kind: 'text', how: 'removed', at: at(third), segments: gone },
    ],
  }
}

/** Three changes, the second of which is looked at. */
async function changes(page: Page): Promise<void> {
  await asIfChanged(page)
  await page.reload()
  await page.locator('.compare-stop').first().waitFor()
  await page.keyboard.press('n')
  await page.getByText('1 of 3').waitFor()
}

export const compare: readonly Screen[] = [
  { name: 'compare', path: '/issue/2025-w46/compare', ready: changes, also: ['narrow', 'dark'] },
]
