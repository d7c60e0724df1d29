import type { DraftConflict, DraftText, Saved } from '../../../contract/draft.ts'
import { ApiError, apiPath, get, put, sentenceOf } from '../../shell/api.ts'
import type { Answer, DraftServer } from './autosave-parties.ts'

/** Reads and saves by the studio's routes. */
export const studioServer: DraftServer = {
  read: (path) => answered(get<DraftText>(apiPath(['file'], { path }))),
  save: (request) => answered(put<Saved>(apiPath(['file']), request)),
}

async function answered<Value>(request: Promise<Value>): Promise<Answer<Value>> {
  try {
    return { ok: true, value: await request }
  } catch (error) {
    const code = error instanceof ApiError ? error.code : 'fault'
    if (code === 'conflict' && error instanceof ApiError && isConflict(error.body))
      return { ok: false, why: 'conflict', conflict: error.body }
    if (code === 'offline' || code === 'stale-page') return { ok: false, why: 'offline' }
    if (code === 'not-found') return { ok: false, why: 'gone' }
    return { ok: false, why: 'refused', sentence: sentenceOf(error) }
  }
}

function isConflict(body: unknown): body is DraftConflict {
  return typeof body === 'object' && body !== null && 'mine' in body && 'theirs' in body
}
