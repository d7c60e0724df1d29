import { messageOf } from '../src/core/errors.ts'
import { freshStudioUi } from '../scripts/studio-ui.ts'

/** Tests run `src/` directly; the studio's browser side they need as it is now, so it is built when a source is newer. */
export async function setup(): Promise<void> {
  try {
    await freshStudioUi()
  } catch (error) {
    console.error(
      `The studio's browser side does not build; tests see the last one that did.\n${messageOf(error)}`,
    )
  }
}
