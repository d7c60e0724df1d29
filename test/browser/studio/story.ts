import type { Page, Request } from 'playwright-core'
import { onTestFailed } from 'vitest'

/** The last steps that are told of. */
const STEPS = 25

/**
 * Puts into the report of a test that fails what its page shows, where its keyboard is, and what it asked for last:
 * on a machine that nobody can look at, the report is all there is.
 */
export function tellOnFailure(page: Page): void {
  const from = performance.now()
  const steps: string[] = []
  const waiting = new Set<Request>()
  const note = (what: string): void => {
    steps.push(`${((performance.now() - from) / 1000).toFixed(2)} s ${what}`)
    if (steps.length > STEPS) steps.shift()
  }
  const ended = (request: Request, how: string): void => {
    waiting.delete(request)
    note(`${request.method()} ${pathOf(request)} ${how}`)
  }
  page.on('request', (request) => waiting.add(request))
  page.on('requestfinished', (request) => {
    void request.response().then(
      (response) => ended(request, String(response?.status() ?? 'without an answer')),
      () => ended(request, 'without an answer'),
    )
  })
  page.on('requestfailed', (request) => ended(request, request.failure()?.errorText ?? 'failed'))
  page.on('framenavigated', (frame) =>
    note(`${frame.parentFrame() === null ? 'page' : 'frame'} at ${frame.url()}`),
  )
  page.on('console', (message) => note(`${message.type()}: ${message.text()}`))
  page.on('crash', () => note('the page crashed'))
  onTestFailed(async ({ task }) => {
    const failed = performance.now()
    const told = await Promise.race([
      look(page).catch((error: unknown) => `it cannot be looked at: ${String(error)}`),
      new Promise<string>((resolve) => setTimeout(resolve, 5_000, 'it does not answer')),
    ])
    const error = task.result?.errors?.at(-1)
    if (error === undefined) return
    const story = [
      `after ${((failed - from) / 1000).toFixed(2)} s, ${page.url()}`,
      told,
      ...steps,
      ...[...waiting].map((request) => `not answered: ${request.method()} ${pathOf(request)}`),
    ].join('\n')
    error.message += `\n--- the page ---\n${story}`
    error.stack = `${error.message}\n${error.stack ?? ''}`
  })
}

async function look(page: Page): Promise<string> {
  return await page.evaluate<string>(`[
    document.body.innerText.replace(/\\s+/g, ' ').slice(0, 1500),
    'focus: ' + (document.activeElement?.outerHTML ?? '').slice(0, 200),
    document.visibilityState,
  ].join('\\n')`)
}

function pathOf(request: Request): string {
  const { pathname, search } = new URL(request.url())
  return pathname + search
}
