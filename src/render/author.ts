/** Whether `name` is that of a desk, a newsroom or `organisation` itself, and not a person's. */
export function isBody(name: string, organisation: string): boolean {
  return name === organisation || /\b(?:agency|bureau|desk|editors?|newsroom|staff|team)\b/iu.test(name)
}
