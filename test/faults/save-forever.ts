// Saves one file over and over, until it is killed: save-forever.ts <publication> <path>
import { openDraftFiles } from '../../src/studio/draft-files.ts'

const [, , root = '', path = ''] = process.argv
const files = openDraftFiles({ root, tell: () => undefined, onSave: () => undefined })
let { hash } = await files.read(path)
for (let turn = 0; ; turn++) {
  const text = turn % 2 === 0 ? 'a'.repeat(200_000) : 'b'.repeat(300_000)
  const saved = await files.save({ path, text, base: hash })
  if ('mine' in saved) throw new Error('nobody else writes here')
  hash = saved.hash
  if (turn === 1) process.stdout.write('saving\n')
}
