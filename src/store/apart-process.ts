// The other side of `apart.ts`: does one job and ends.
import { messageOf, OnrecordError } from '../core/errors.ts'
import type { Answer, Job } from './apart.ts'
import { copyStore, type Report } from './copy-store.ts'
import { prepareRestore } from './prepare-restore.ts'

const report: Report = (advance) => void process.send?.({ advance } satisfies Answer)

// Whoever asked has gone; what was begun has not got its name yet.
process.on('disconnect', () => process.exit(1))
process.once('message', (job: Job) => process.send?.(answer(job), () => process.disconnect()))

function answer(job: Job): Answer {
  try {
    return { result: job.kind === 'copy' ? copyStore(job, report) : prepareRestore(job, report) }
  } catch (error) {
    const message = messageOf(error)
    if (error instanceof OnrecordError) return { refusal: { code: error.code, message, hint: error.hint } }
    return {
      fault: { message, code: Reflect.get(Object(error), 'code'), path: Reflect.get(Object(error), 'path') },
    }
  }
}
