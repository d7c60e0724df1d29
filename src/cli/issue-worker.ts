import { parentPort, workerData } from 'node:worker_threads'
import { messageOf, OnrecordError } from '../core/errors.ts'
import type { BuiltIssue, IssueAnswer, IssueQuestion } from './issue-thread.ts'
import { readIssue, tryIssue, type IssueSettings } from './ready-issue.ts'

// The thread that builds what is to be sent: whoever asks twice waits for two builds, each of files as they are then.
const settings = workerData as IssueSettings
let last: Promise<void> = Promise.resolve()

parentPort?.on('message', (question: IssueQuestion) => {
  last = last.then(() => answer(question))
})

async function answer({ id, issue }: IssueQuestion): Promise<void> {
  try {
    reply({ id, built: await build(issue) })
  } catch (error) {
    const own = error instanceof OnrecordError ? error : null
    reply({ id, code: own?.code ?? 'io', message: messageOf(error), hint: own?.hint ?? null })
  }
}

async function build(id: string): Promise<BuiltIssue> {
  const atHand = await readIssue(settings, id)
  const { content } = atHand
  const read = content && {
    file: content.issue.file,
    written: content.issue.meta.status,
    newsletter: content.issue.meta.newsletter,
    parts: content.parts,
  }
  return { read, ...(await tryIssue(settings, atHand)) }
}

function reply(answered: IssueAnswer): void {
  parentPort?.postMessage(answered)
}
