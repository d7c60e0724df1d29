import { finding, type Finding } from '../../core/finding.ts'
import { isHandedOver } from '../attribution.ts'
import { isWithin } from '../desk-text.ts'
import { ownProse } from '../own-prose.ts'
import { textRule } from '../rule.ts'

const ledger = `
- id: army
  title: Statement on the gates
  publisher: Army of Northland
  url: https://army.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
  party: northland
`

export const interestedParty = textRule('DC504', {
  why:
    'A party to a matter tells its own side of it. That can be reported as what it says, and as a fact only where ' +
    'somebody else has seen it.',
  bad: { brief: 'The depot was empty when it was hit [@army].', ledger },
  good: { brief: 'The depot was empty when it was hit, the army says [@army].', ledger },
  check(context) {
    const only = (block: { kind: string }): boolean => block.kind === 'paragraph' || block.kind === 'event'
    return ownProse(context, { only }).flatMap(({ block, sentence, words }): Finding[] => {
      const ids = sentence.citations.flatMap(({ items }) => items.map(({ id }) => id))
      const parties = ids.map((id) => context.voices.partyOf(id))
      const party = parties.find((each) => each !== null)
      if (party === undefined || parties.includes(null)) return []
      if (isWithin(block, 'positions') || sentence.citations.some(({ narrative }) => narrative)) return []
      if (/\?\s*$/u.test(words) || isHandedOver(words)) return []
      const message = `Only a party (${party}) is cited for this, and the sentence does not say so.`
      return [
        finding('DC504', sentence.place, message, {
          hint: 'write who says it, or add an independent source',
        }),
      ]
    })
  },
})
