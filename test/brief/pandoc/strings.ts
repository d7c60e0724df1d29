import { ids, locators, marks, oddIds, oddLocators, words } from './vocabulary.ts'

/**
 * Strings of bracketed citations and of what nearly is one, the same for the same seed. Each stands in the
 * run of a paragraph: none begins a line with what would open a block.
 */
export function citationStrings(count: number, seed: number): readonly string[] {
  const random = randomFrom(seed)
  const strings = new Set<string>()
  while (strings.size < count) strings.add(citationString(random))
  return [...strings]
}

interface Random {
  /** A whole number from 0, below `limit`. */
  below(limit: number): number
  pick<T>(from: readonly T[]): T
  chance(of: number): boolean
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <T>(from: readonly T[]): T => {
    const picked = from[below(from.length)]
    if (picked === undefined) throw new Error('nothing to pick from')
    return picked
  }
  return { below, pick, chance: (of) => next() < of }
}

function citationString(random: Random): string {
  const kind = random.below(100)
  const bracket =
    kind < 60
      ? plain(random)
      : kind < 75
        ? oddItem(random)
        : kind < 85
          ? mutated(plain(random), random)
          : near(random)
  const after = random.chance(0.9)
    ? ''
    : random.pick([' {key}', '{key}', '(x)', '[@b]', ' [@b; @c]', '.', '[x]', ','])
  const before = random.chance(0.9)
    ? ''
    : random.pick(['“so” ', '*so* ', '(', '@dawn ', '[sic] ', 'a', '\\', 'x'])
  return before + bracket + after
}

function plain(random: Random): string {
  const items: string[] = []
  for (let rest = 1 + random.below(3); rest > 0; rest--) {
    items.push(`@${random.pick(ids)}${suffix(random)}`)
    if (random.chance(0.12)) items.push(`via${random.pick([' ', ' ', '  ', '\n'])}@${random.pick(ids)}`)
  }
  const inside = items.join(random.pick(['; ', '; ', ';', ' ; ', ';\n', ' ;']))
  return `[${space(random)}${inside}${space(random)}]`
}

function space(random: Random): string {
  return random.chance(0.93) ? '' : random.pick([' ', '  ', '\n'])
}

function suffix(random: Random): string {
  const comma = random.pick([', ', ', ', ',', ' , ', ',  ', ',\n'])
  switch (random.below(6)) {
    case 0:
    case 1:
      return ''
    case 2:
      return comma + random.pick(locators)
    case 3:
      return comma + quotation(random)
    case 4:
      return `${comma}${random.pick(locators)}${comma}${quotation(random)}`
    default:
      return ` ${random.chance(0.7) ? random.pick(locators) : quotation(random)}`
  }
}

function quotation(random: Random): string {
  const [open, close] = random.pick(marks)
  return open + random.pick(words) + close
}

/** One part of a plain citation is what it should not be. */
function oddItem(random: Random): string {
  const good = `@${random.pick(ids)}${suffix(random)}`
  const quoted = quotation(random)
  const odd = random.pick([
    `@${random.pick(oddIds)}${suffix(random)}`,
    `@${random.pick(oddIds)}`,
    `@${random.pick(ids)}, ${random.pick(oddLocators)}`,
    `@${random.pick(ids)} ${random.pick(oddLocators)}`,
    `@${random.pick(ids)}, ${quoted}, p. 3`,
    `@${random.pick(ids)}, p. 3 ${quoted}`,
    `@${random.pick(ids)}, ${quoted} p. 3`,
    `@${random.pick(ids)}, ${quoted}, ${quotation(random)}`,
    `@${random.pick(ids)}, "", p. 3`,
    `${random.pick(['see', 'see also', 'cf.', '*see*', 'e.g.,', 'via', '“x”', 'x;y'])} @${random.pick(ids)}`,
    `-@${random.pick(ids)}${suffix(random)}`,
    `@${random.pick(ids)}; via @b, p. 3`,
    `@${random.pick(ids)}; via @b; via @c`,
  ])
  return `[${random.pick([odd, odd, `${good}; ${odd}`, `${odd}; ${good}`])}]`
}

/** One character of it is gone, twice there or another. */
function mutated(text: string, random: Random): string {
  const at = 1 + random.below(text.length - 1)
  const added = random.pick(['', '', '"', ';', ',', '@', ']', '[', '*', '.', '-', ' ', '”', 'x', '(', "'"])
  return text.slice(0, at) + added + text.slice(at + random.below(2))
}

function near(random: Random): string {
  const id = random.pick(ids)
  const good = `@${id}${suffix(random)}`
  return random.pick([
    '[@]',
    `[@ ${id}]`,
    `[${id}]`,
    `[${id}, p. 18]`,
    `[${id}; @${random.pick(ids)}]`,
    `[${good}; ${id}]`,
    `[${good};]`,
    `[;${good}]`,
    `[${good};; @b]`,
    `[${good}`,
    `${good}]`,
    `\\[${good}]`,
    `[\\${good}]`,
    `[${good}\\]`,
    `[[${good}]]`,
    `[sic ${good}]`,
    `[sic [${good}] on]`,
    `[${id}@example.org]`,
    `[sic]`,
    `[^ ${id}]`,
    `*[${good}]*`,
    `**[${good}]** and [@b]`,
    `*[${good}*]`,
    `*so [${good}* on]`,
    `\`[${good}]\``,
    `[\`${good}\`]`,
    `[*@${id}*]`,
    `[@${id}](https://example.org)`,
    `[so @${id}](https://example.org)`,
    `[so](https://example.org) [${good}]`,
    `[${good}] [${suffix(random).trim()}]`,
    `[${good}][@${random.pick(ids)}]`,
    `@${id} [p. 18]`,
    `@${id} [${good}]`,
    `@${id} says [${good}]`,
    `(@${id}; [@b])`,
    `{@${id}} [${good}]`,
  ])
}
