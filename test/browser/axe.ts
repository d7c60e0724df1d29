import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/**
 * What axe calls serious or critical on the page as it is, a line each. Put into a document once, however often it is
 * asked; what passes is not written up, which is most of its work.
 *
 * @param frames whether what stands in frames is looked at too
 */
export async function serious(page: Page, { frames = true } = {}): Promise<readonly string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(source)
  const violations = await page.evaluate<readonly Violation[]>(
    `axe.run({ iframes: ${frames}, preload: false, resultTypes: ['violations'] }).then((result) => result.violations)`,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((each) => `${each.html} ${each.failureSummary ?? ''}`).join(' ')}`,
    )
}
