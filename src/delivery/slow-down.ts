/** Greylisting wants every message to be tried once, and then again: no reason to hold others back. */
const greylisting = /gr[ae]y-?list/i

/** RFC 3463: 4.3.2 system not accepting messages, 4.4.5 congestion; 4.7.28 and 4.7.650 are Google's and Microsoft's. */
const codes = /^4\d\d[ -]4\.(3\.2|4\.5|7\.28|7\.65\d)\b/

const words =
  /too (many|much|fast|quickly)|slow(ing)? down|throttl|rate.?limit|(rate|limit) (has been )?exceeded|unusual rate|temporarily deferred/i

/**
 * Whether a 4xx reply asks for fewer messages to its domain: 421 once a message has been spoken of, codes
 * that mean load, or words to that effect.
 */
export function asksToSlowDown(reply: string): boolean {
  if (greylisting.test(reply)) return false
  return reply.startsWith('421') || codes.test(reply) || words.test(reply)
}
