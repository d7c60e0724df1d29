import { canonicalHash } from '../core/canonical.ts'
import type { renderIssue } from './ready-issue.ts'

type Render = typeof renderIssue

/** How many issues an editor goes back and forth between; the editions of one take half a megabyte. */
const KEPT = 4

/**
 * Renders only what has changed since it was asked last: by the parts that an approval is bound to, which are all
 * that editions are made from. What is not without findings is rendered anew, for their lines may have moved.
 */
export function keepRendered(render: Render): Render {
  const kept = new Map<string, { readonly parts: string; readonly built: ReturnType<Render> }>()
  return async (settings, atHand, tiers) => {
    const { id, content } = atHand
    if (content === null || tiers !== undefined) return render(settings, atHand, tiers)
    const parts = canonicalHash(content.parts)
    const last = kept.get(id)
    kept.delete(id)
    const built = last?.parts === parts ? last.built : render(settings, atHand)
    if ((await built).findings.length === 0) kept.set(id, { parts, built })
    for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest)
    return built
  }
}
