import { oneOf } from './pattern.ts'

/** Small numbers in words; “one” counts nothing in most sentences. */
export const smallNumbers = oneOf(`
  two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen
  seventeen, eighteen, nineteen
  (?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?
`)

/** Words that state a quantity wherever they stand. */
export const quantities = oneOf(`
  hundreds?, thousands?, millions?, billions?, trillions?, dozens?, scores of
  half of, half the, half its, half their, by (?:a|one) (?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|half)
  (?:a|one) (?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth) (?:of|less|more|higher|lower|fewer|smaller|larger)
  two-thirds, three-quarters, two thirds, three quarters, one in, doubled, tripled, trebled, quadrupled, halved
`)

/** After a small number these are what a writer arranges, and nothing that happened. */
export const rhetorical = oneOf(`
  sides?, things?, questions?, reasons?, ways?, views?, accounts?, positions?, explanations?, lessons?, points?, stor(?:y|ies)
  words?, kinds?, sorts?, readings?, parts?, conclusions?, habits?, definitions?, caveats?, steps?, answers?, problems?, ideas?
  facts?, truths?, options?, possibilities, scenarios, arguments?, observations?, matters?, issues?, themes?, notes?, rules?
  at a time, at once, to, of a kind, and a half, or three, or more, by two, paths?, roads? lead, tests?, versions?, claims?
`)

/** Before a small number: what follows is known already, and not counted here. */
export const definite = oneOf(
  'the, these, those, its, their, his, her, both, all, other, another, any, takes, of',
)

export const months = oneOf(`
  January, February, March, April, May, June, July, August, September, October, November, December
`)

export const weekdays = oneOf('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday')

/** Names that hold a figure and count nothing: “Article 12”, “section 2”, “kilometre 40”. */
export const numbered = oneOf(`
  articles?, sections?, chapters?, parts?, clauses?, rules?, routes?, channels?, figures?, tables?, kilometre, kilometer
  pages?, paragraphs?, resolutions?, versions?, types?, phases?, levels?, rounds?, boeing, airbus, formula, windows, nos?\\.?
`)
