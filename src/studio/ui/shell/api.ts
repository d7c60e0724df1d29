import type { Failure } from '../../contract/failure.ts'

/** A request that was not carried out; its message is a sentence for a person. */
export class ApiError extends Error {
  readonly code: Failure['error']['code'] | 'offline'
  readonly hint: string | null
  /** The whole answer: of a conflict, what stands against it. */
  readonly body: unknown

  constructor(code: ApiError['code'], message: string, hint: string | null, body: unknown) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.hint = hint
    this.body = body
  }
}

let token = document.querySelector<HTMLMetaElement>('meta[name="onrecord-token"]')?.content ?? ''

/** The nonce that styles made in this page need; CodeMirror takes it (`EditorView.cspNonce`). */
export const cspNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

/** @throws ApiError */
export function get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return ask<Answer>('GET', path, null, signal)
}

/** @throws ApiError */
export function post<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
  return ask<Answer>('POST', path, body, signal)
}

/** A file as it is; its name stands in a header, for a URL is kept in histories and logs. @throws ApiError */
export function upload<Answer>(path: string, file: File): Promise<Answer> {
  return ask<Answer>('POST', path, file, undefined, { 'X-File-Name': encodeURIComponent(file.name) })
}

/** @throws ApiError */
export function put<Answer>(path: string, body: unknown): Promise<Answer> {
  return ask<Answer>('PUT', path, body)
}

/** `/api/issues/2025-w46/check?tier=member`, each part encoded. */
export function apiPath(
  parts: readonly string[],
  query: Readonly<Record<string, string | number | null>> = {},
): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === null ? [] : [[key, String(value)]],
  )
  const search = new URLSearchParams(given).toString()
  return `/api/${parts.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`
}

/** What went wrong, as a sentence with its next step. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError) {
    const { message, hint } = error
    if (hint === null || hint === '') return message
    const next = hint.charAt(0).toUpperCase() + hint.slice(1)
    return `${message} ${/[.!?]$/.test(next) ? next : `${next}.`}`
  }
  return 'The studio met a fault of its own. Load the page again.'
}

async function ask<Answer>(
  method: string,
  path: string,
  body: unknown,
  signal?: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const raw = body instanceof Blob
  const answer = await fetch(path, {
    method,
    headers: {
      Accept: 'application/json',
      ...(method === 'GET' ? {} : { 'X-Onrecord-Token': token }),
      ...(body === null || raw ? {} : { 'Content-Type': 'application/json' }),
      ...more,
    },
    ...(body === null ? {} : { body: raw ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw new ApiError(
      'offline',
      'The studio does not answer.',
      'Start it again with: onrecord preview',
      null,
    )
  })
  const read: unknown = await answer.json().catch(() => null)
  // Half an answer is none.
  signal?.throwIfAborted()
  if (answer.ok) return read as Answer
  const failure = (read as Partial<Failure> | null)?.error
  if (failure?.code === 'stale-page' && (await renewToken()))
    return await ask<Answer>(method, path, body, signal, more)
  throw new ApiError(
    failure?.code ?? 'fault',
    failure?.message ?? 'The studio met a fault of its own.',
    failure?.hint ?? null,
    read,
  )
}

/** A studio that was started again has another token, in the page that it makes; whether there is another one. */
async function renewToken(): Promise<boolean> {
  const page = await fetch('/').then(
    (answer) => answer.text(),
    () => '',
  )
  const found = /<meta name="onrecord-token" content="([^"]+)"/.exec(page)?.[1] ?? token
  const isNew = found !== token
  token = found
  return isNew
}
