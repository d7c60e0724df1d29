import { oneOf } from './pattern.ts'

/** The writer speaks of the writer: a judgement, a reading, a method. */
export const deskVoice = oneOf(`
  [Ww]e, us, [Oo]urs?, I, [Mm]y, [Tt]he desk(?:['’]s)?, [Tt]his (?:brief|newsletter|issue|section|note|table|piece|article)
  [Tt]he pages? cited
`)

/** Something supposed. */
export const supposing = oneOf(
  'if, suppose, supposing, imagine, should, were, had, assume, assuming, consider, unless',
)

/** The text points to itself. */
export const crossReferences = oneOf(`
  see (?:section|below|above|also|the table|our), as (?:reported|noted|written|shown|described|explained) (?:here|above|earlier|before)
  in the (?:first|second|third|last|previous|next) (?:part|section|half|brief) of this, for the reader
`)
