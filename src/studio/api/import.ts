import { z } from 'zod'
import { OnrecordError } from '../../core/errors.ts'
import { encodings } from '../../subscribers/csv-records.ts'
import type { ImportChoice, Upload } from '../../subscribers/import-session.ts'
import { fields, systems } from '../../subscribers/mapping.ts'
import { subscriberTiers } from '../../subscribers/subscriber.ts'
import type { ImportChoices, ImportLook, ImportRunRequest, ImportState } from '../contract/people.ts'
import type { Surface } from '../deps.ts'
import { createImports } from '../imports.ts'
import { bodyOf } from './answer.ts'

const choices = z.object({
  map: z.partialRecord(z.enum(fields), z.string().max(1_000)),
  from: z.enum([...systems, 'auto', 'other']),
  encoding: z.enum(encodings),
  newsletter: z.string().max(200).nullable(),
  tier: z.enum(subscriberTiers).nullable(),
}) satisfies z.ZodType<ImportChoices>

const running = choices.extend({ dryRun: z.boolean() }) satisfies z.ZodType<ImportRunRequest>

/** People out of a file: what it holds, a trial, the import. */
export const imports: Surface = (app, { deps, events, library }) => {
  const desk = async () => (await deps.stores()).imports
  /** What came in this process, for its names. */
  const uploads = new Map<string, Upload>()
  const runs = createImports(
    desk,
    () => {
      events.send({ what: 'import' })
      if (runs.state()?.state !== 'running') events.send({ what: 'people' })
    },
    () => performance.now(),
  )
  const uploadOf = (id: string): Upload => {
    const upload = uploads.get(id)
    if (upload !== undefined) return upload
    throw new OnrecordError('not-found', 'The file is not here any more.', { hint: 'Choose it again.' })
  }
  const choiceOf = async (given: ImportChoices): Promise<ImportChoice> => {
    const { publication } = await library.shelf()
    if (given.newsletter !== null && !Object.hasOwn(publication?.newsletters ?? {}, given.newsletter))
      throw new OnrecordError('usage', 'There is no such newsletter in onrecord.yaml.')
    const map = new Map(
      fields.flatMap((field) => {
        const column = given.map[field]
        return column === undefined ? [] : [[field, column] as const]
      }),
    )
    return { ...given, map }
  }

  app.get('/api/people/import', (c) => c.json<ImportState>({ run: runs.state() }))

  app.post('/api/people/import', async (c) => {
    const { body } = c.req.raw
    if (body === null) throw new OnrecordError('usage', 'There is no file in the request.')
    const { imports: open } = await deps.stores()
    const upload = await open.take(body, named(c.req.header('X-File-Name')))
    uploads.set(upload.id, upload)
    const choice: ImportChoice = {
      ...{ map: new Map(), from: 'auto', encoding: 'utf-8', newsletter: null, tier: null },
    }
    try {
      const look = await open.look(upload.id, choice)
      // A file in another encoding is read as what it most likely is, so that its samples can be read.
      const again =
        look.encoding === 'utf-8' ? look : await open.look(upload.id, { ...choice, encoding: look.encoding })
      return c.json<ImportLook>({ upload, look: { ...again, encoding: look.encoding } })
    } catch (error) {
      uploads.delete(upload.id)
      await open.drop(upload.id)
      throw error
    }
  })

  app.post('/api/people/import/:upload/look', async (c) => {
    const upload = uploadOf(c.req.param('upload'))
    const choice = await choiceOf(await bodyOf(c, choices))
    const look = await (await desk()).look(upload.id, choice)
    return c.json<ImportLook>({ upload, look: { ...look, encoding: choice.encoding } })
  })

  app.post('/api/people/import/:upload/run', async (c) => {
    const upload = uploadOf(c.req.param('upload'))
    const { dryRun, ...given } = await bodyOf(c, running)
    runs.start(upload, await choiceOf(given), dryRun)
    return c.json<ImportState>({ run: runs.state() })
  })

  app.post('/api/people/import/:upload/cancel', (c) => {
    runs.cancel(c.req.param('upload'))
    return c.json<ImportState>({ run: runs.state() })
  })

  app.post('/api/people/import/:upload/drop', async (c) => {
    const id = c.req.param('upload')
    uploads.delete(id)
    await (await desk()).drop(id)
    runs.forget(id)
    return c.json<ImportState>({ run: runs.state() })
  })
}

function named(header: string | undefined): string {
  try {
    return decodeURIComponent(header ?? '') || 'people.csv'
  } catch {
    return 'people.csv'
  }
}
