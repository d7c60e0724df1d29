import { oneOf } from './pattern.ts'

/** Reports without a reporter. “Believed by the commission to be” names one and does not match. */
export const hearsay = oneOf(`
  reportedly, allegedly, purportedly, supposedly, apparently(?! so)
  (?:is|are|was|were|been) (?:now |widely |generally |commonly |also |still |often )?(?:believed|thought|said|understood|reported|alleged|claimed|rumou?red|suggested|expected|presumed)(?: to| that)
  it (?:is|was|has been|had been) (?:widely |generally |commonly )(?:believed|thought|held|assumed|feared|accepted|known)
  rumou?r has it, word has it, it emerged that
`)
