import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { buildEditions } from '../../src/email/build.ts'
import { sampleRecipient } from '../../src/email/compile.ts'
import { composeMessage } from '../../src/email/compose.ts'
import { personalise } from '../../src/email/personalise.ts'
import { sizeBudget } from '../../src/email/size.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { anySlotMark } from '../../src/render/slots.ts'
import type { Template } from '../../src/render/template.ts'
import { looks } from '../render/looks.ts'

const root = join(import.meta.dirname, '..', '..')
const { publication } = loadConfig({ dir: root, environment: { SECRET_KEY: 'x'.repeat(40) } })

async function build(template: Template, baseUrl = 'https://brief.example.org') {
  const loaded = await loadIssue(root, '2025-w46', publication)
  return buildEditions(loaded, { publication, baseUrl, template })
}

test.each(looks)(
  'the sample in the look $name becomes one edition a tier, within the budget, with no slot left open',
  async (template) => {
    const { editions, findings } = await build(template)
    expect(findings.filter((each) => each.severity === 'error')).toEqual([])
    expect(editions.map(({ tier }) => tier)).toEqual(['public', 'subscriber', 'member'])
    expect(new Set(editions.map(({ hash }) => hash)).size).toBe(3)
    for (const edition of editions) {
      expect(edition.bytes.html).toBeLessThanOrEqual(sizeBudget.warn)
      const { html, text } = personalise(edition, sampleRecipient(edition))
      expect(`${html}${text}${edition.web}`).not.toMatch(anySlotMark)
      expect(html).toContain('/u/test?sample=')
      expect(text).toContain('/u/test?sample=')
      const lines = (await composeMessage(edition, sampleRecipient(edition))).toString('latin1').split('\r\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998)
    }
  },
)

test.each(looks)(
  'the hash says what an edition of $name is: the same files give the same, another address another',
  async (template) => {
    const hashes = async (baseUrl?: string) =>
      (await build(template, baseUrl)).editions.map(({ hash }) => hash)
    expect(await hashes()).toEqual(await hashes())
    expect(await hashes('https://elsewhere.example.org')).not.toEqual(await hashes())
  },
)
