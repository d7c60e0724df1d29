import { z } from 'zod'
import { OnrecordError } from '../../core/errors.ts'
import type { IssueApproval, Approvals } from '../approvals.ts'
import type { ApprovalSheet } from '../contract/approval.ts'
import type { ShownFinding } from '../contract/finding.ts'
import type { Surface, Workbench } from '../deps.ts'
import { bodyOf, noIssue } from './answer.ts'

const newStep = z.strictObject({
  step: z.enum(['draft', 'review', 'approved']),
  by: z.string(),
  note: z.string().nullable(),
  seen: z.string().optional(),
  steps: z.int().min(0).optional(),
})

const newTick = z.strictObject({ ticked: z.boolean(), by: z.string(), seen: z.string().optional() })

/** The record of approvals, which decides what may be sent. */
export const approval: Surface = (app, bench) => {
  const { events } = bench
  const sheetOf = async (state: IssueApproval): Promise<ApprovalSheet> => {
    const { issue } = state.standing
    const found = (await bench.library.issues()).find(({ id }) => id === issue)?.latest?.findings ?? []
    return { ...state, findings: findingsOf(state, found) }
  }

  app.get('/api/issues/:id/approval', async (c) => {
    const { approvals, id } = await approvalsOf(bench, c.req.param('id'))
    return c.json(await sheetOf(await approvals.state(id)))
  })

  app.post('/api/issues/:id/approval', async (c) => {
    const { approvals, id } = await approvalsOf(bench, c.req.param('id'))
    const state = await approvals.record(id, await bodyOf(c, newStep))
    events.send({ what: 'approval', id })
    return c.json(await sheetOf(state))
  })

  app.put('/api/issues/:id/sources/:source/tick', async (c) => {
    const { approvals, id } = await approvalsOf(bench, c.req.param('id'))
    const state = await approvals.tick(id, c.req.param('source'), await bodyOf(c, newTick))
    events.send({ what: 'approval', id })
    return c.json(await sheetOf(state))
  })
}

/** The record, and an issue that there is. @throws OnrecordError `not-found`, `refused` */
export async function approvalsOf(
  { deps, library }: Workbench,
  id: string,
): Promise<{ readonly approvals: Approvals; readonly id: string }> {
  if (!(await library.shelf()).issues.includes(id)) noIssue(id)
  const { approvals } = await deps.stores()
  if (approvals === null) throw new OnrecordError('refused', 'This studio records no approvals.')
  return { approvals, id }
}

/** Each finding goes to the source in whose entry it stands, or that it names. */
function findingsOf(
  { sources }: IssueApproval,
  findings: readonly ShownFinding[],
): ApprovalSheet['findings'] {
  const open = findings.filter(({ waived }) => waived === null)
  return Object.fromEntries(
    sources.flatMap(({ check: { id, place } }) => {
      const own = open.filter(
        ({ file, line, message }) =>
          (file === place.file && line >= place.line && line < place.endLine) || message.includes(`“${id}”`),
      )
      return own.length === 0 ? [] : [[id, own]]
    }),
  )
}
