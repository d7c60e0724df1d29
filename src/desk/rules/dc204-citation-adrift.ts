import { finding, placeOf, type Finding } from '../../core/finding.ts'
import { sentencesAdrift } from '../adrift.ts'
import { analysisBlocks, isEnglish } from '../own-prose.ts'
import { textRule } from '../rule.ts'

export const citationAdrift = textRule('DC204', {
  why:
    'A citation stands for its sentence. At the end of a paragraph of many facts nobody can tell whether it means the ' +
    'last of them or all.',
  bad: {
    brief: 'The gates closed on 8 November. The council cut 40 posts. Nine members voted for it [@daily].',
  },
  good: {
    brief:
      'The gates closed on 8 November. The council cut 40 posts. Nine members voted for it [@daily] {scope=para}.',
  },
  check({ text, lang }) {
    if (!isEnglish(lang)) return []
    const analysis = analysisBlocks(text.blocks)
    return text.blocks.flatMap((block): Finding[] => {
      if (analysis.has(block)) return []
      const facts = sentencesAdrift(block)
      const citation = block.sentences.at(-1)?.own[0]
      if (facts.length === 0 || citation === undefined) return []
      const message = `This citation follows ${facts.length + 1} sentences that state facts and stands for the last alone.`
      const hint = 'write {scope=para} behind it if it covers them all, or cite each'
      return [finding('DC204', placeOf(text.file, citation.position), message, { hint })]
    })
  },
})
