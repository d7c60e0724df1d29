import { mailClients, type MailClientId } from '../../core/mail-clients.ts'
import type { Use } from './features.ts'
import { placeOfElement } from './mail-tree.ts'
import { noticeOf, type Noticed } from './notices.ts'
import { remark, type Remark } from './remark.ts'
import { featureOf, supportOf, type Support } from './support.ts'

/** What readers of these programs notice of the features a mail uses, and the titles of those that nobody would miss. */
export function clientRemarks(
  uses: readonly Use[],
  clients: readonly MailClientId[],
): { readonly remarks: readonly Remark[]; readonly unnoticed: readonly string[] } {
  const remarks: Remark[] = []
  const unnoticed: string[] = []
  for (const { key, count, element } of uses) {
    const noticed = noticeOf(key)
    const feature = featureOf(noticed.slug)
    if (feature === null) continue
    const lacking = clients
      .map((client) => ({ client, ...supportOf(feature, client) }))
      .filter((support) => isLacking(support, noticed))
    if (lacking.length === 0) continue
    if (noticed.notice === 'invisible') {
      unnoticed.push(feature.title)
      continue
    }
    const names = lacking.map(({ client }) => client)
    const isOne = clientNames(names, clients).length === 1
    const message = `${listed(clientNames(names, clients))} ${isOne ? noticed.words : plural(noticed.words)}.`
    remarks.push(
      remark(`client.${key}`, noticed.notice, message.replace(/^c/, 'C'), {
        clients: names,
        notes: [...new Set(lacking.flatMap((each) => each.notes))],
        count,
        place: element === null ? null : placeOfElement(element),
        more: feature.url,
      }),
    )
  }
  return { remarks, unnoticed }
}

function isLacking({ level, notes }: Support, { partial }: Noticed): boolean {
  if (level !== 'partial' || typeof partial === 'boolean')
    return level === 'none' || (level === 'partial' && partial === true)
  return notes.some((note) => {
    const not = note.search(/\bnot\b/i)
    return not >= 0 && note.includes(partial, not)
  })
}

const families: Readonly<Record<string, string>> = {
  gmail: 'Gmail',
  'apple-mail': 'Apple Mail',
  outlook: 'Outlook',
  yahoo: 'Yahoo',
  protonmail: 'Proton Mail',
  gmx: 'GMX',
  'web-de': 'WEB.DE',
}

/** Names for people: a whole family by its own name, where all of it that has readers is meant. */
function clientNames(names: readonly MailClientId[], all: readonly MailClientId[]): readonly string[] {
  const told = names.map((id) => {
    const { family, name } = mailClients[id]
    const kin = all.filter((each) => mailClients[each].family === family)
    return kin.length > 1 && kin.every((each) => names.includes(each)) ? (families[family] ?? name) : name
  })
  return [...new Set(told)]
}

function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** “shows square corners” of several: “show square corners”. */
function plural(words: string): string {
  return words.replace(/^does\b/, 'do').replace(/^(\w+)s\b/, '$1')
}
