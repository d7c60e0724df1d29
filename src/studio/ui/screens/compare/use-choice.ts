import { useEffect, useState } from 'preact/hooks'
import type { Versions } from '../../../contract/compare.ts'

export const tiers = ['member', 'subscriber', 'public'] as const
export type Tier = (typeof tiers)[number]

/** Which two editions are held against each other: each is one tier's of a version. */
export interface Choice {
  /** Ids of versions. */
  readonly from: string
  readonly to: string
  readonly tier: Tier
  /** Whose edition of `from`; null: the same readers'. */
  readonly fromTier: Tier | null
}

/** What is compared stands in the address, so that it can be linked to. */
export function useChoice(versions: Versions): readonly [Choice, (change: Partial<Choice>) => void] {
  const [choice, setChoice] = useState(() => readChoice(location.search, versions))
  useEffect(() => {
    const back = (): void => setChoice(readChoice(location.search, versions))
    addEventListener('popstate', back)
    return () => removeEventListener('popstate', back)
  }, [versions])
  // A former “approved” has another id once there is a newer one.
  const usable =
    isThere(versions, choice.from) && isThere(versions, choice.to) ? choice : readChoice('', versions)
  return [
    usable,
    (change) => {
      const next = { ...usable, ...change }
      setChoice(next)
      history.replaceState(
        history.state,
        '',
        location.pathname + writeChoice(next, location.search) + location.hash,
      )
    },
  ]
}

/**
 * The choice that an address says; what it does not say, or says wrongly, is as usual: since the approval, else since the
 * last time that readers got it, else what members read more than everybody does.
 */
function readChoice(search: string, known: Versions): Choice {
  const query = new URLSearchParams(search)
  const version = (key: string): string | null => {
    const id = query.get(key)
    return id !== null && isThere(known, id) ? id : null
  }
  const { versions } = known
  const usual = versions.find(({ id }) => id === 'approved') ?? versions[1]
  const [from, to] = [version('from'), version('to')]
  const isNew = usual === undefined && from === null && to === null
  return {
    from: from ?? usual?.id ?? 'now',
    to: to ?? 'now',
    tier: tierOf(query.get('tier')) ?? 'member',
    fromTier: tierOf(query.get('fromTier')) ?? (isNew && !query.has('tier') ? 'public' : null),
  }
}

function writeChoice({ from, to, tier, fromTier }: Choice, search: string): string {
  const query = new URLSearchParams(search)
  for (const [key, value] of Object.entries({ from, to, tier, fromTier }))
    if (value === null) query.delete(key)
    else query.set(key, value)
  return `?${query.toString()}`
}

function isThere({ versions, others }: Versions, id: string): boolean {
  return [...versions, ...others].some((each) => each.id === id)
}

/** Null: it is no tier. */
export function tierOf(name: string | null): Tier | null {
  return tiers.find((each) => each === name) ?? null
}
