import { sumDomains, worstDomains, type DomainCount } from '../delivery/report.ts'
import type { TroubleGroup } from '../delivery/trouble-groups.ts'
import { number, shorten } from './round-text.ts'

/** Refusals, and deferrals, that are looked at for the summary. */
export const TROUBLES = 500

/** So much of a domain's name is shown at most. */
const LONGEST_NAME = 32

/** States of a domain, a column each; left out where nobody is in it. */
const columns = [
  ['waiting', 'waiting'],
  ['accepted', 'accepted'],
  ['deferred', 'deferred'],
  ['refused', 'refused'],
  ['unknown', 'unknown'],
] as const satisfies readonly (readonly [keyof DomainCount, string])[]

/** The domains with the most trouble, then those with the most mail, at most `most`; the rest in one row. */
export function domainLines(counts: readonly DomainCount[], most: number, width: number): string[] {
  if (counts.length === 0 || most === 0) return []
  const ranked = worstDomains(counts)
  const rest = ranked.slice(most)
  const shown = [
    ...ranked.slice(0, most),
    ...(rest.length === 0
      ? []
      : [sumDomains(rest, `${number(rest.length)} other${rest.length === 1 ? '' : 's'}`)]),
  ]
  const used = columns.filter(([key]) => key === 'accepted' || shown.some((each) => each[key] > 0))
  const widths = used.map(([key, title]) =>
    Math.max(title.length, ...shown.map((each) => number(each[key]).length)),
  )
  const room = width - widths.reduce((sum, each) => sum + each + 2, 0)
  const longest = Math.max(...shown.map((each) => (each.domain ?? erased).length), 'domain'.length)
  const first = Math.max(12, Math.min(longest, room, LONGEST_NAME))
  return [
    line(
      'domain',
      used.map(([, title]) => title),
      first,
      widths,
    ),
    ...shown.map((each) =>
      line(
        each.domain ?? erased,
        used.map(([key]) => (each[key] === 0 ? '·' : number(each[key]))),
        first,
        widths,
      ),
    ),
  ]
}

/** The heading of `troubleLines`: of how many they tell, where that is not all. */
export function troubleHeading(groups: readonly TroubleGroup[]): string {
  const of = (state: TroubleGroup['state']): number =>
    groups.filter((each) => each.state === state).reduce((sum, { count }) => sum + count, 0)
  const cut = [
    ...(of('rejected') < TROUBLES ? [] : [`${number(TROUBLES)} refusals`]),
    ...(of('deferred') < TROUBLES ? [] : [`${number(TROUBLES)} deferrals`]),
  ]
  return `What servers said last${cut.length === 0 ? '' : ` (the latest ${cut.join(' and ')})`}:`
}

/** One group of refusals or deferrals a line: how many, where, what was said and what it means. */
export function troubleLines(groups: readonly TroubleGroup[], most: number, width: number): string[] {
  const shown = groups.slice(0, most)
  const counts = Math.max(0, ...shown.map(({ count }) => number(count).length))
  const room = Math.min(
    LONGEST_NAME - 8,
    Math.max(0, ...shown.map(({ domain }) => (domain ?? erased).length)),
  )
  return shown.map((each) => {
    const state = each.state === 'deferred' ? 'deferred' : 'refused '
    const head = `${state}  ${number(each.count).padStart(counts)}  ${shorten(each.domain ?? erased, room).padEnd(room)}`
    return saying(head, each, width)
  })
}

/** What it means, then what was said, as far as there is room for it; or its code. */
function saying(head: string, { meaning, reply, code }: TroubleGroup, width: number): string {
  if (meaning === null) return shorten(`${head}  ${reply}`, width)
  const meant = `${head}  ${meaning}`
  const room = width - meant.length - ' ()'.length
  if (reply.length <= room || room >= LEAST_REPLY) return `${meant} (${shorten(reply, room)})`
  return code.length <= room ? `${meant} (${code})` : shorten(meant, width)
}

/** A shorter piece of a reply tells nothing. */
const LEAST_REPLY = 24

const erased = '(erased)'

function line(name: string, cells: readonly string[], first: number, widths: readonly number[]): string {
  return [
    shorten(name, first).padEnd(first),
    ...cells.map((cell, index) => cell.padStart(widths[index] ?? 0)),
  ].join('  ')
}
