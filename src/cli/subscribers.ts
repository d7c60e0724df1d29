import { join, relative } from 'node:path'
import { OnrecordError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { forgetInOutbox } from '../outbox/forget.ts'
import { parseAddress, type Address } from '../subscribers/address.ts'
import { parseName } from '../subscribers/name.ts'
import { subscriberTiers, type SubscriberTier } from '../subscribers/subscriber.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import type { SubscribersOptions } from './subscribers-program.ts'
import { exportFile } from './subscribers-file.ts'
import { importFile } from './subscribers-import.ts'
import { list, show } from './subscribers-list.ts'

/** `onrecord subscribers …`: the people. */
export async function run(context: Context, options: SubscribersOptions): Promise<ExitCode> {
  checkNewsletter(context, options.newsletter)
  switch (options.action) {
    case 'import':
      return importFile(context, options, defaultNewsletter(context, options), tierOf(options))
    case 'export':
      return exportFile(context, options)
    case 'list':
      return list(context, options, tierOf(options))
    case 'show':
      return show(context, addressOf(options))
    case 'add':
      return add(context, options, addressOf(options))
    case 'set':
      return set(context, options, addressOf(options))
    case 'unsubscribe':
      return unsubscribe(context, options, addressOf(options))
    case 'suppress':
      return suppress(context, options, addressOf(options))
    case 'erase':
      return erase(context, options, addressOf(options))
  }
}

async function add(context: Context, options: SubscribersOptions, address: Address): Promise<ExitCode> {
  const newsletter = defaultNewsletter(context, options)
  const { subscribers } = await context.app()
  const person = { address, name: nameOf(options), tier: tierOf(options), newsletter, source: 'operator' }
  let outcome = await subscribers.add({ ...person, again: options.yes })
  if (outcome === 'left') {
    const asked = await context.confirm(
      `${address.address} left ${newsletter}. Have they asked to come back?`,
    )
    if (asked) outcome = await subscribers.add({ ...person, again: true })
  }
  switch (outcome) {
    case 'added':
      return say(context, outcome, `${address.address} is subscribed to ${newsletter}.`)
    case 'updated':
      return say(context, outcome, `${address.address} is brought up to date, confirmed for ${newsletter}.`)
    case 'unchanged':
      return say(context, outcome, `${address.address} is subscribed to ${newsletter} already.`)
    case 'left':
      throw new OnrecordError(
        'refused',
        `${address.address} left ${newsletter} and is not subscribed again.`,
        {
          hint: 'if they have asked to come back, add --yes',
        },
      )
    case 'suppressed':
      throw new OnrecordError('refused', `${address.address} is suppressed: it must not be written to.`, {
        hint: `onrecord subscribers show ${address.address} says why`,
      })
    case 'erased':
      throw new OnrecordError('refused', `${address.address} was erased on request and is not added again.`)
  }
}

async function set(context: Context, options: SubscribersOptions, address: Address): Promise<ExitCode> {
  const tier = tierOf(options)
  if (tier === null && options.name === null)
    throw new OnrecordError('usage', 'There is nothing to set.', { hint: 'give --tier or --name' })
  const { subscribers } = await context.app()
  const outcome = await subscribers.set(address, {
    ...(tier === null ? {} : { tier }),
    ...(options.name === null ? {} : { name: nameOf(options) }),
  })
  if (outcome === 'not-found') throw noSuchPerson(address)
  return say(
    context,
    outcome,
    outcome === 'changed' ? `${address.address} is changed.` : `${address.address} was so already.`,
  )
}

async function unsubscribe(
  context: Context,
  options: SubscribersOptions,
  address: Address,
): Promise<ExitCode> {
  const { subscribers } = await context.app()
  const outcome = await subscribers.unsubscribe(address, options.newsletter)
  if (outcome === 'not-found') throw noSuchPerson(address)
  const from = options.newsletter ?? 'every newsletter'
  return say(
    context,
    outcome,
    outcome === 'changed'
      ? `${address.address} is off ${from}.`
      : `${address.address} was off ${from} already.`,
  )
}

async function suppress(context: Context, options: SubscribersOptions, address: Address): Promise<ExitCode> {
  const { subscribers } = await context.app()
  const given = parseName(options.reason ?? '')
  if (!given.ok) throw new OnrecordError('usage', `--reason ${given.reason}.`)
  const note = given.value === 'operator' ? null : given.value
  const changed = await subscribers.suppress(address, 'operator', note)
  return say(
    context,
    changed ? 'changed' : 'unchanged',
    changed
      ? `${address.address} is suppressed: nothing is sent there any more.`
      : `${address.address} was suppressed already.`,
  )
}

async function erase(context: Context, options: SubscribersOptions, address: Address): Promise<ExitCode> {
  const app = await context.app()
  const sure = options.yes || (await context.confirm(`Erase ${address.address} for good?`))
  if (!sure) {
    throw new OnrecordError('refused', 'Nothing was erased.', {
      hint: 'it cannot be undone; --yes erases without asking',
    })
  }
  const outbox = join(context.config().dataDir, 'outbox')
  // Before, for afterwards nobody knows which addresses were theirs; and again for what is written meanwhile.
  let mails = await forgetInOutbox(outbox, await app.addressesOf({ address }))
  const isTheirs = await app.addressesOf({ address })
  // Somebody who asked for a letter and never confirmed is no subscriber, and is cleared too.
  const outcome = await app.subscribers.erase(address)
  mails += await forgetInOutbox(outbox, isTheirs)
  if (outcome === 'not-found' && mails === 0) throw noSuchPerson(address)
  const kept = app.keptCopies().map((file) => relative(context.cwd, file))
  if (context.options.json) {
    context.print(JSON.stringify({ outcome, kept }))
    return exit.done
  }
  context.print(
    outcome === 'already-erased'
      ? `${address.address} was erased already.`
      : `${address.address} is erased; a keyed hash keeps it from being imported again.`,
  )
  context.note(whatStays(kept))
  return exit.done
}

/** Where an erasure does not reach, and what to do about it. */
function whatStays(kept: readonly string[]): string {
  const backups =
    'Backups made before still hold them, until you delete those; after a restore, erase them again.'
  if (kept.length === 0) return backups
  const [it, these] = kept.length === 1 ? ['it', 'This copy'] : ['them', 'These copies']
  return [
    `${these} of the store, kept before an upgrade or a restore, may still hold them:`,
    ...kept.map((file) => `  ${file}`),
    `Delete ${it} once you no longer need ${it} to go back.`,
    backups,
  ].join('\n')
}

function say(context: Context, outcome: string, text: string): ExitCode {
  context.print(context.options.json ? JSON.stringify({ outcome }) : text)
  return exit.done
}

function addressOf(options: SubscribersOptions): Address {
  const address = parseAddress(options.target ?? '')
  if (!address.ok) throw new OnrecordError('usage', `The address ${address.reason}.`)
  return address.value
}

function nameOf(options: SubscribersOptions): string | null {
  const name = parseName(options.name ?? '')
  if (!name.ok) throw new OnrecordError('usage', `The name ${name.reason}.`)
  return name.value
}

function tierOf(options: SubscribersOptions): SubscriberTier | null {
  return subscriberTiers.find((tier) => tier === options.tier) ?? null
}

function checkNewsletter(context: Context, newsletter: string | null): void {
  if (newsletter === null) return
  const known = Object.keys(context.config().publication.newsletters)
  if (known.includes(newsletter)) return
  throw new OnrecordError('usage', `There is no newsletter “${newsletter}”.`, {
    hint: didYouMean(newsletter, known) ?? `onrecord.yaml has ${known.join(', ')}`,
  })
}

/** The one that was named, or the first of onrecord.yaml; said aloud where there are several. */
function defaultNewsletter(context: Context, options: SubscribersOptions): string {
  if (options.newsletter !== null) return options.newsletter
  const [first = '', ...others] = Object.keys(context.config().publication.newsletters)
  if (others.length > 0)
    context.note(`The newsletter is ${first}; --newsletter names another (${others.join(', ')}).`)
  return first
}

function noSuchPerson(address: Address): OnrecordError {
  return new OnrecordError('not-found', `There is no subscriber ${address.address}.`, {
    hint: '“onrecord subscribers list” shows everybody',
  })
}
