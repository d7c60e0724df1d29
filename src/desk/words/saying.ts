import { oneOf } from './pattern.ts'

/** Past forms that report somebody's words. */
export const said = oneOf(`
  said, told, announced, claimed, reported, confirmed, denied, warned, stated, declared, argued, insisted, wrote, testified
  acknowledged, admitted, noted, alleged, complained, accused, blamed, explained, replied, answered that, promised, conceded
  maintained that, remarked, revealed, disclosed, recalled, suggested, asserted, contended, predicted, vowed, pledged, objected
  protested that, urged, criticised, criticized, condemned, denounced, concluded that, found that, tweeted, added that, put it
  asked for, called for, thanked, boasted, retorted, countered that, estimated, hinted, signalled that, briefed
`)

/** Third person singular. */
export const says = oneOf(`
  (?<!which )says(?! (?:more|much|little|less|nothing|something|a lot)), tells (?:reporters|parliament|the|us|journalists), announces, claims (?:that|to|it|he|she|they), reports that, confirms that
  denies, warns, states that, declares that, argues, insists, writes, acknowledges, admits, notes that, alleges, accuses, blames
  maintains that, asserts, contends, predicts, vows, pledges, suggests that, suggests, estimates
`)

/** After a plural: “officials say”. */
export const say = oneOf(`
  say, argue, claim, insist, warn, maintain that, contend, allege, deny, report that, suggest, announce, write that, admit
  acknowledge, predict, estimate, indicate
`)

/** Before a past form: what follows is an adjective, a passive, or an idiom. */
export const noSpeaker = oneOf(`
  the, a, an, its, their, his, her, of, no, any, is, are, was, were, be, been, being, that, having, we, I, as, than, and well
  we have, we had, each, to, some, most, all, other
`)

/** What “according to” says of no speaker. */
export const noAuthority = oneOf(`
  habit, plan, plans, need, needs, taste, custom, size, whether, how, which, rank, age, income, season, schedule, rule, rules
  their own, his own, her own, its own, circumstance, circumstances, where, whom, what, when
`)

/** Phrases that hand a statement to somebody; generous, for it only ever excuses a sentence. */
export const handsOver = oneOf(`
  by [^.;,]{1,60}(?:account|count|reckoning|version|figures|estimate|telling), (?:account|version|telling|figures|words?|view|reading|story|eyes)
  for the (?:company|army|union|ministry|government|party|group|movement|front), sees? it, calls?, called, puts?, gave, gives, boasts?
  justif(?:y|ies|ied), spoke of, speaks of, in a (?:release|statement|post|letter|tweet), has it, would have it, portrays?, portrayed
  spoke, complains?, complained, denounces?, condemns?, rejects?, rejected, presents?, presented, lists?, listed, acknowledges?
  claims?, claimed, den(?:y|ies|ied), spokes(?:man|woman|person), wants?, credits?, credited, promises?, promised, vows?, vowed
  acknowledged, declares?, accuses?, accused, blames?, blamed, insists?, says?, said, statement, communiqué, release
`)
