import { setImmediate as turn } from 'node:timers/promises'
import type { IssueThread } from '../../src/cli/issue-thread.ts'
import { issueWork } from '../../src/cli/issue-work.ts'
import type { IssueSettings } from '../../src/cli/ready-issue.ts'
import { readPublication } from '../../src/config.ts'
import { createPreviewer } from '../../src/studio/build-preview.ts'
import type { Builder } from '../../src/studio/preview.ts'
import type { ThreadData } from '../../src/studio/thread.ts'

/**
 * The builder of the studio's thread without the thread, one question after the other: a thread compiles all that
 * renders anew, two seconds of a core, where the test files that share a process have it warm.
 */
export function buildHere(data: ThreadData): Builder {
  const previewer = createPreviewer(data)
  /** Issue → the question that asked for it last. */
  const newest = new Map<string, number>()
  let asked = 0
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(answer: () => Promise<T>): Promise<T> => {
    const mine = last.then(answer)
    last = mine.catch(() => undefined)
    return mine
  }
  return {
    shelf: () => inTurn(() => previewer.shelf()),
    build(issue, { first, onFirst = () => undefined } = {}) {
      const id = asked++
      newest.set(issue, id)
      const isWanted = (): boolean => newest.get(issue) === id
      const goOn = async (): Promise<boolean> => {
        await turn()
        return isWanted()
      }
      return inTurn(async () => (isWanted() ? previewer.build(issue, { first, onFirst, goOn }) : null))
    },
    message: (...wish) => inTurn(() => previewer.message(...wish)),
    look: (...wish) => inTurn(() => previewer.look(...wish)),
    fixes: (...wish) => inTurn(() => previewer.fixes(...wish)),
    mend: (...wish) => inTurn(() => previewer.mend(...wish)),
    inspect: (...wish) => inTurn(() => previewer.inspect(...wish)),
    forget: (...wish) => inTurn(() => previewer.forget(...wish)),
    close: async () => undefined,
  }
}

/** The work of the issues' thread, without the thread. */
export function workHere(config: IssueSettings): IssueThread {
  const work = issueWork(() => ({ ...config, publication: readPublication(config.root) }))
  return { ...work, close: async () => undefined }
}
