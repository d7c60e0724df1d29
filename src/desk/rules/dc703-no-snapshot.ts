import { finding, startOf, type Finding } from '../../core/finding.ts'
import type { KeptSnapshot } from '../../sources/snapshot.ts'
import type { Source } from '../../sources/source.ts'
import { issueRule } from '../rule.ts'

const entry = (id: string): string => `
- id: ${id}
  title: Gates closed at noon
  publisher: ${id}
  url: https://${id}.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
`
const copy = 'The harbour master closed both gates at noon.'

export const noSnapshot = issueRule('DC703', {
  why:
    'Pages change and vanish. What was not stored when it was cited cannot be shown later, and its quotations and ' +
    'figures are not checked today: the reader sees “not verified: no snapshot”.',
  bad: {
    brief: 'Both gates were shut on the stroke of twelve [@daily; @echo].',
    ledger: entry('daily') + entry('echo'),
    snapshots: { daily: copy },
  },
  good: {
    brief: 'Both gates were shut on the stroke of twelve [@daily; @echo].',
    ledger: entry('daily') + entry('echo'),
    snapshots: { daily: copy, echo: `${copy} It rained.` },
  },
  check({ ledger, snapshots }) {
    if (snapshots === null) return []
    const sources = [...ledger.values()].filter(({ consulted, kind }) => !consulted && kind !== 'interview')
    const without = sources.filter(({ snapshot }) => snapshot === null)
    const first = sources[0]
    if (first !== undefined && sources.length > 1 && without.length === sources.length) {
      const message = `None of the ${sources.length} sources has a stored copy, so no quotation and no figure is checked against one.`
      return [
        finding('DC703', startOf(first.place.file), message, {
          hint: '“onrecord source snapshot” makes them',
        }),
      ]
    }
    return sources.flatMap((source) => ofSource(source, snapshots))
  },
})

function ofSource(source: Source, snapshots: ReadonlyMap<string, KeptSnapshot>): Finding[] {
  const { id, place, snapshot } = source
  if (snapshot === null) {
    const message = `There is no stored copy of “${id}”: its quotations and figures are not checked.`
    return [finding('DC703', place, message, { hint: '“onrecord source snapshot” makes one' })]
  }
  switch (snapshots.get(snapshot)?.state) {
    case undefined:
    case 'text':
      return []
    case 'missing': {
      const message = `The stored copy of “${id}” is not on this machine: its quotations and figures are not checked.`
      return [
        finding('DC703', place, message, {
          hint: 'copy data/snapshots/ from where it was made, or make it anew',
        }),
      ]
    }
    case 'damaged': {
      const message = `The stored copy of “${id}” is damaged: what is kept is not what its hash names.`
      const hint = 'restore data/snapshots/ from a backup, or make the copy anew'
      return [finding('DC703', place, message, { severity: 'error', hint })]
    }
  }
}
