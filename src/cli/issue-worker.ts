import { parentPort, workerData } from 'node:worker_threads'
import { readPublication } from '../config.ts'
import { messageOf, OnrecordError } from '../core/errors.ts'
import type { IssueAnswer, IssueQuestion } from './issue-thread.ts'
import { issueWork } from './issue-work.ts'
import type { IssueSettings } from './ready-issue.ts'

// The thread that works on issues: whoever asks twice waits for two answers, each of files as they are then; of
// onrecord.yaml, too, which editors change while the studio runs.
const settings = workerData as IssueSettings
const work = issueWork(() => ({ ...settings, publication: readPublication(settings.root) }))
let last: Promise<void> = Promise.resolve()

parentPort?.on('message', (question: IssueQuestion) => {
  last = last.then(() => answer(question))
})

async function answer(question: IssueQuestion): Promise<void> {
  const { id } = question
  try {
    reply({ id, value: await valueOf(question) })
  } catch (error) {
    const own = error instanceof OnrecordError ? error : null
    reply({ id, code: own?.code ?? 'io', message: messageOf(error), hint: own?.hint ?? null })
  }
}

async function valueOf(question: IssueQuestion) {
  switch (question.ask) {
    case 'read':
      return await work.read(question.issue)
    case 'build':
      return await work.build(question.issue)
    case 'compare':
      return await work.compare(question.before, question.after)
  }
}

function reply(answered: IssueAnswer): void {
  parentPort?.postMessage(answered)
}
