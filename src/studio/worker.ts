import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../core/errors.ts'
import { createPreviewer } from './build-preview.ts'
import type { Answer, Question, ThreadData } from './thread.ts'

// The thread that builds previews: answers one question after the other.
const previewer = createPreviewer(workerData as ThreadData)
let last: Promise<void> = Promise.resolve()

parentPort?.on('message', (question: Question) => {
  last = last.then(async () => parentPort?.postMessage(await answer(question)))
})

async function answer(question: Question): Promise<Answer> {
  const { id } = question
  try {
    const value = question.ask === 'shelf' ? await previewer.shelf() : await previewer.build(question.issue)
    return { id, value }
  } catch (error) {
    return { id, fault: messageOf(error) }
  }
}
