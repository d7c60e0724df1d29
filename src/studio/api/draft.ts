import type { Context } from 'hono'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../../core/clock.ts'
import { OnrecordError } from '../../core/errors.ts'
import { publicationSchema } from '../../core/publication.ts'
import { parseWith } from '../../core/schema.ts'
import { parseYaml } from '../../core/yaml.ts'
import type { DraftHome } from '../../issue/new-draft.ts'
import type { DraftConflict, DraftFiles, DraftText, MadeDraft, Saved } from '../contract/draft.ts'
import type { Failure } from '../contract/failure.ts'
import type { Surface } from '../deps.ts'
import { makeBrief, makeIssue } from '../new-draft.ts'
import { versionOf } from '../save-draft.ts'
import { bodyOf, noIssue } from './answer.ts'

const saveRequest = z.object({ path: z.string(), text: z.string(), base: z.string().nullable() })
const newIssueRequest = z.object({ title: z.string().max(500), newsletter: z.string().nullable() })
const newBriefRequest = z.object({ title: z.string().max(500) })

/** The editor’s files: read, saved against the version that was read, made new. */
export const draft: Surface = (app, { library, files, deps }) => {
  const home = versionOf(Buffer.from(deps.root)).slice(0, 16)

  app.get('/api/issues/:id/files', async (c) => {
    const id = c.req.param('id')
    return c.json<DraftFiles>({ home, files: (await files.list(id)) ?? noIssue(id) })
  })

  app.get('/api/file', async (c) => c.json<DraftText>(await files.read(c.req.query('path') ?? '')))

  app.put('/api/file', async (c) => {
    const saved = await files.save(await bodyOf(c, saveRequest))
    return 'mine' in saved ? conflict(c, saved) : c.json<Saved>(saved)
  })

  /** Read here, since the thread may be in the middle of a build. */
  const newHome = async (): Promise<DraftHome> => {
    const settings = await readFile(join(deps.root, 'onrecord.yaml'), 'utf8').catch(() => '')
    const { value } = parseWith(publicationSchema, parseYaml(settings, 'onrecord.yaml'))
    if (value !== null) return { root: deps.root, ...value }
    throw new OnrecordError('refused', 'onrecord.yaml cannot be used, so that no draft can be begun.', {
      hint: 'Mend it first: the list of issues says what is wrong.',
    })
  }

  app.post('/api/issues', async (c) => {
    const wanted = await bodyOf(c, newIssueRequest)
    const made = makeIssue(await newHome(), wanted, systemClock)
    library.changed([made.issue])
    return c.json<MadeDraft>(made, 201)
  })

  app.post('/api/issues/:id/briefs', async (c) => {
    const issue = c.req.param('id')
    const { title } = await bodyOf(c, newBriefRequest)
    const made = await makeBrief(await newHome(), files, { title, issue }, systemClock)
    files.changed([made.path])
    library.changed([issue])
    return c.json<MadeDraft>(made, 201)
  })
}

/** What a refusal is, with both texts beside it. */
function conflict(c: Context, found: DraftConflict): Response {
  const message = found.theirs === null ? 'is not there any more' : 'was changed elsewhere'
  return c.json<Failure & DraftConflict>(
    {
      ...found,
      error: { code: 'conflict', message: `${found.path} ${message}; nothing was written.`, hint: null },
    },
    409,
  )
}
