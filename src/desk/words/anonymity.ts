import { oneOf } from './pattern.ts'
import { unnamedPeople } from './people.ts'

const hears = oneOf(`
  said, says, say, told, expect, expects, put, puts, described, describe, confirmed, claimed, claim, believe, believes, called, gave
  warned, added, denied, reported, spoke, speaking
`)

/** Somebody is heard, and the words say that they have no name. */
export const asUnnamed = oneOf(`
  (?:on|under) condition of anonymity, (?:speaking|spoke|speaks|spoken) anonymously
  (?:asked|asks|asking|requested|requesting|insisted on|granted|wished|preferred) (?:for )?(?:anonymity|to remain anonymous|not to be (?:named|identified))
  (?:declined|refused|did not want|did not wish|asked|unwilling) (?:not )?to be (?:named|identified|quoted by name)
  would not (?:be (?:named|identified|quoted by name)|give (?:a|their|his|her) names?), would give (?:a|their|no) names?, on background
  without being (?:named|identified), not (?:named|identified)(?=[,.)]), whose names? (?:is|are|was|were|has been|have been) (?:being )?withheld
  (?:unnamed|unidentified|anonymous) (?:[\\p{L}-]+ ){0,2}?${unnamedPeople}
  (?:people|persons?|someone|somebody|those|officials?|aides?|diplomats?|figures?) (?:familiar with|close to|briefed on|with (?:direct )?knowledge of|with ties to)
  (?<!(?:its|their|our|his|her|the|many|two) )sources? (?:close to|familiar with|within|inside|at|in|with knowledge of|near) (?:the|a|an|\\p{Lu})
  (?<!open )sources?(?: (?:who|also|have|has|had))? ${hears}
  (?:campaign|party|government|palace|company|ministry|industry) insiders?
`)

/** Somebody without a name, in a sentence of the desk’s own knowledge. */
export const somebody = `(?<!-)(?:an?|one|another) (?:[\\p{L}-]+ ){0,3}?${unnamedPeople}`

/** “A senior official said.” */
export const somebodySays = `${somebody}(?: (?:of|at|in|from|with) (?:the |a )?[\\p{L}-]+)? ${hears}`

/** How they know. */
export const access = oneOf(`
  (?:was|were|been|is|are) (?:in the room|present|there|on board|at the (?:meeting|table|talks|count)), present at
  with (?:direct|first-hand|firsthand) knowledge, who (?:kept|saw|took part|attended|drafted|read|heard|wrote|witnessed|sat in|helped)
  took part in, taking part in
`)

/** Why they are not named. */
export const reason = oneOf(`
  because, for fear, fear(?:s|ed|ing) (?:for|of|that|to|reprisals?|dismissal|arrest), not (?:been )?authori[sz]ed, (?:was|were) barred
  for (?:his|her|their) (?:own )?(?:safety|protection|security|sake), lest, citing, since (?:he|she|they), as (?:he|she|they) (?:was|were|is|are|had|feared)
  not allowed to, not permitted to, to speak (?:freely|candidly|openly|frankly), fearing
`)
