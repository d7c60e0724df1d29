/** What `onrecord new` writes for an editor to write over; none of it may go out (DC817). */
export const placeholders = {
  title: 'Replace this line with the headline of the first brief',
  preheader: 'Replace this line with what the subject leaves out, in sixty to a hundred characters.',
  standfirst: 'Replace this line with one sentence that says what is new and why it matters.',
  body: 'Write here. End each factual sentence with the id of its source in brackets, and list the source in sources.yaml.',
} as const

/** How they begin: what was only half written over is still ours. */
const beginnings: readonly string[] = [
  'Replace this line with what the subject',
  'Replace this line with the headline',
  'Replace this line with one sentence',
  'Write here. End each factual sentence',
]

/** Whether `text` holds words of `onrecord new`. */
export function holdsPlaceholder(text: string): boolean {
  const plain = text.replace(/\s+/gu, ' ')
  return beginnings.some((beginning) => plain.includes(beginning))
}
