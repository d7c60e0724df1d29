import { oneOf } from './pattern.ts'

/** Words of likelihood, on the scale of ICD 203 and off it. */
export const likelihoods = oneOf(`
  almost no chance, (?<!(?:a|an|the) )likely, (?<!(?:a|an|the) )unlikely, roughly even, almost certain, almost certainly, probably
  probable, improbable, chances? (?:of|that|are|is)
`)

/** How sure the desk is of its own judgement: not how buyers or voters feel. */
export const confidence = oneOf(`
  (?:very )?(?:high|moderate|medium|low|limited|little|some|great|considerable|fair|full) confidence(?! (?:motion|vote))
  confidence[^.;]{0,24} (?:high|moderate|medium|low|limited), confidence: (?:high|moderate|medium|low|limited)
  (?:we|desk|analysts?|are|is) (?:(?:are|is|feel) )?(?:highly |fairly |quite |very |reasonably |moderately )?confident (?:that|of|in)
  with confidence
`)

/** Odds in words that are not among the seven terms. */
export const offScale = oneOf(`
  probably, probable(?! cause), improbable, possibly, perhaps, maybe, conceivabl[ey], possibilit(?:y|ies)
  (?:is|are|seems|looks|remains) possible, possible that, plausibl[ey], doubtful, doubtless, undoubtedly
  (?:highly|quite|fairly|extremely|most|more|less|rather|somewhat|increasingly|reasonably|hardly|equally|just as) (?:un)?likely
  (?:virtually|nearly|all but|practically|absolutely) certain, (?:is|are|seems|looks) certain (?:that|to), inevitabl[ey], bound to
  sure to, in all likelihood, fifty-fifty, 50[-–]50, (?<!at )(?<!all )odds(?: are| of| that| on| against)
  (?:good|fair|slim|small|strong|real|remote|outside|high|low|decent|great|even)(?<!roughly even) chances?, a chance (?:of|that)
  chances (?:of|that|are), better than even, (?:probability|likelihood|chance) (?:of|that) [^.;]{0,60} \\p{Nd}+, \\p{Nd}+ ?(?:%|per cent|percent) (?:chance|probability|likelihood)
`)
