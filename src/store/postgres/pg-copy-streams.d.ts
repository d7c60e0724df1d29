declare module 'pg-copy-streams' {
  import type { Writable } from 'node:stream'
  import type { Submittable } from 'pg'

  /** Takes what stands in the format of COPY’s text, and is finished once the server has all of it. */
  export function from(sql: string): Writable & Submittable
}
