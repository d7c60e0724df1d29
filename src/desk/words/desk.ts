import { oneOf } from './pattern.ts'

/** The writer speaks of the writer: a judgement, a reading, a method. */
export const deskVoice = oneOf(`
  we, us, our, ours, I, my, the desk, the desk['’]s, this (?:brief|newsletter|issue|section|note|table|piece|article)
  to our mind, the pages? cited, the pages we, none of the pages
`)

/** Something supposed. */
export const supposing = oneOf('if, suppose, supposing, imagine, should, were, had, assume, assuming, consider, unless')

/** The text points to itself. */
export const crossReferences = oneOf(`
  see (?:section|below|above|also|the table|our), as (?:reported|noted|written|shown|described|explained) (?:here|above|earlier|before)
  in the (?:first|second|third|last|previous|next) (?:part|section|half|brief) of this, for the reader
`)
