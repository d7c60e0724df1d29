import { setImmediate as turn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../core/errors.ts'
import { createPreviewer } from './build-preview.ts'
import type { Answer, Question, ThreadData } from './thread.ts'

// The thread that builds previews: one question after the other, but for those that somebody waits for,
// which are answered between two steps of a build.
const previewer = createPreviewer(workerData as ThreadData)
const waiting: Question[] = []
/** Issue → the question that asked for it last. */
const newest = new Map<string, number>()
let working = false
let warmed = false

parentPort?.on('message', (question: Question) => {
  waiting.push(question)
  if (question.ask === 'build') newest.set(question.issue, question.id)
  if (!working) void work()
})

async function work(): Promise<void> {
  working = true
  for (let next = take(); next !== undefined; next = take()) await answer(next)
  working = false
  if (!warmed) setTimeout(() => void warm(), IDLE_MS).unref()
}

/** When nobody has asked for anything for so long, in milliseconds, there is time to make ready what is slow once. */
const IDLE_MS = 400

async function warm(): Promise<void> {
  if (working || warmed) return
  warmed = true
  await previewer.warm().catch(() => undefined)
}

/** The next to be answered: what is urgent before what is not. */
function take(isWanted?: (question: Question) => boolean): Question | undefined {
  const at = waiting.findIndex(isWanted ?? isUrgent)
  return at >= 0 ? waiting.splice(at, 1)[0] : isWanted === undefined ? waiting.shift() : undefined
}

function isUrgent(question: Question): boolean {
  return question.ask !== 'build' || question.urgent
}

/** Builds that somebody waits for are made one after the other. */
function isQuick(question: Question): boolean {
  return question.ask !== 'build'
}

async function answer(question: Question): Promise<void> {
  const { id } = question
  reply({ id, began: true })
  try {
    const value = await valueOf(question)
    reply({ id, value })
  } catch (error) {
    reply({ id, fault: messageOf(error) })
  }
}

async function valueOf(question: Question) {
  switch (question.ask) {
    case 'shelf':
      return await previewer.shelf()
    case 'message':
      return await previewer.message(question.issue, question.tier, question.recipient, question.look)
    case 'look':
      return await previewer.look(question.issue, question.tier, question.look)
    case 'fixes':
      return await previewer.fixes(question.issue, question.findings)
    case 'mend':
      return await previewer.mend(question.issue, question.finding, question.fix, question.answer)
    case 'inspect':
      return await previewer.inspect(question.issue, question.tier)
    case 'forget':
      return await previewer.forget(question.issue)
    case 'build': {
      const { id, issue, first } = question
      const isWanted = (): boolean => newest.get(issue) === id
      if (!isWanted()) return null
      return await previewer.build(issue, {
        first,
        onFirst: (sight) => reply({ id, first: sight }),
        goOn: async () => {
          await turn()
          const between = question.urgent ? isQuick : isUrgent
          for (let next = take(between); next !== undefined; next = take(between)) await answer(next)
          return isWanted()
        },
      })
    }
  }
}

function reply(answered: Answer): void {
  parentPort?.postMessage(answered)
}
