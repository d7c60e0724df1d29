import { readyIssue } from '../../src/cli/ready-issue.ts'
import { sendIssue } from '../../src/delivery/send-issue.ts'
import type { SubscriberTier } from '../../src/subscribers/subscriber.ts'
import { address } from '../delivery/people.ts'
import type { StudioBed } from './bed.ts'

/** The issue of the sample. */
export const issue = '2025-w46'

/** One person who has confirmed. @returns the name of theirs that stands in addresses */
export async function addPerson(
  bed: Pick<StudioBed, 'app'>,
  of: string,
  {
    name = null,
    tier = 'subscriber',
  }: { readonly name?: string | null; readonly tier?: SubscriberTier } = {},
): Promise<string> {
  const person = { address: address(of), name, tier, newsletter: 'weekly', source: 'test', again: false }
  await bed.app.subscribers.add(person)
  return (await bed.app.subscribers.find(address(of)))?.publicId ?? ''
}

/** Sends the sample to whoever is there, into the outbox. */
export async function sendSample(bed: Pick<StudioBed, 'app'>): Promise<void> {
  const transport = await bed.app.openTransport()
  try {
    await sendIssue(bed.app, issue, { transport, ready: () => readyIssue(bed.app, issue), publish: false })
  } finally {
    await transport.close()
  }
}
