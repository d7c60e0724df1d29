import type { Context } from 'hono'

/** The text fields of a form that was sent; none for a body that is no form. */
export async function formFields(c: Context): Promise<ReadonlyMap<string, string>> {
  const type = c.req.header('Content-Type') ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) return new Map()
  const form: object = await c.req.parseBody().catch(() => ({}))
  return new Map(
    Object.entries(form).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    ),
  )
}

/** A path of ours to go on to, or null for anything else: never another site, and no longer than any of ours. */
export function ownPath(text: string | null | undefined): string | null {
  return text !== null && text !== undefined && /^\/(?![/\\])[!-[\]-~]{0,1000}$/.test(text) ? text : null
}
