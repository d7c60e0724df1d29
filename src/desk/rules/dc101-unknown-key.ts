import { finding, placeOf, type Finding } from '../../core/finding.ts'
import { didYouMean } from '../../core/nearest.ts'
import { textRule } from '../rule.ts'

export const unknownKey = textRule('DC101', {
  why: 'A number that leads nowhere is worse than none: the reader trusts that there is a page behind it.',
  bad: { brief: 'The gates closed at noon [@dailly].\n\nThey opened at one [@daily].' },
  good: { brief: 'The gates closed at noon [@daily].' },
  check({ text, sources, ids, briefFiles }) {
    return text.citations.flatMap((citation) => {
      const place = placeOf(text.file, citation.position)
      const cited = new Set(citation.items.flatMap(({ id, via }) => (via === null ? [id] : [id, via])))
      return [...cited].flatMap((id): Finding[] => {
        const source = sources.get(id)
        if (source === undefined) {
          const hint = didYouMean(id, ids) ?? `add “${id}” to sources.yaml`
          return [finding('DC101', place, `The ledger has no source “${id}”.`, { hint })]
        }
        if (source.listedIn === text.file || !briefFiles.has(source.listedIn)) return []
        const message = `The source “${id}” is listed in ${source.listedIn} for that brief alone.`
        const hint = 'move the entry to sources.yaml, which the issue’s briefs share'
        return [finding('DC101', place, message, { hint })]
      })
    })
  },
})
