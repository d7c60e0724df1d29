import type { DraftText, Saved } from '../../../contract/draft.ts'
import type { FrontmatterForm } from '../../../contract/frontmatter.ts'
import { apiPath, get, post, put } from '../../shell/api.ts'

/**
 * Writes a look into an issue’s file, against the version that it was read with.
 * @throws ApiError, where the file is another one by then, or its frontmatter cannot be written
 */
export async function writeLook(path: string, look: string): Promise<void> {
  const { text, hash } = await get<DraftText>(apiPath(['file'], { path }))
  const form = await post<FrontmatterForm>(apiPath(['frontmatter']), { path, text, set: { template: look } })
  await put<Saved>(apiPath(['file']), { path, text: form.text, base: hash })
}
