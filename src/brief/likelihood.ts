/** The seven terms of ICD 203, with their bands in per cent. */
export const likelihoods = {
  'almost no chance': [1, 5],
  'very unlikely': [5, 20],
  unlikely: [20, 45],
  'roughly even': [45, 55],
  likely: [55, 80],
  'very likely': [80, 95],
  'almost certain': [95, 99],
} as const satisfies Record<string, readonly [number, number]>

export type LikelihoodTerm = keyof typeof likelihoods
