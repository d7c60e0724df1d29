import { issueTabs } from './routes.ts'

/** Keys that do one thing. */
export interface KeyLine {
  /** Pressed one after the other; `+` joins those that are held together. */
  readonly keys: readonly string[]
  readonly does: string
}

/** Every key of the studio, by where it works. A screen that listens to another one says so here. */
export const keyList: readonly { readonly where: string; readonly lines: readonly KeyLine[] }[] = [
  {
    where: 'Everywhere',
    lines: [
      { keys: ['g', 'i'], does: 'Issues' },
      { keys: ['g', 'e'], does: 'People' },
      { keys: ['g', 'o'], does: 'Outbox' },
      { keys: ['/'], does: 'Search what is listed' },
      { keys: ['?'], does: 'This list' },
      { keys: ['Esc'], does: 'Close what is open' },
    ],
  },
  {
    where: 'An open issue',
    lines: issueTabs.map(({ key, label }) => ({ keys: ['g', key], does: label })),
  },
  {
    where: 'Lists of issues, people and mail',
    lines: [
      { keys: ['↓', '↑'], does: 'The next, the one before' },
      { keys: ['j', 'k'], does: 'The same' },
      { keys: ['Home', 'End'], does: 'The first, the last' },
      { keys: ['Enter'], does: 'Open it' },
    ],
  },
  {
    where: 'Outbox',
    lines: [
      { keys: ['Enter'], does: 'Into the message' },
      { keys: ['Esc'], does: 'Back to the list' },
      { keys: ['u'], does: 'Mark the open message unread' },
      { keys: ['Delete'], does: 'Delete the open message' },
    ],
  },
  {
    where: 'The mail in Preview',
    lines: [
      { keys: ['j', 'k'], does: 'The next sentence, the one before' },
      { keys: ['e'], does: 'Edit the sentence: to its line in the text' },
    ],
  },
  {
    where: 'Compare',
    lines: [{ keys: ['n', 'p'], does: 'The next change, the one before' }],
  },
  {
    where: 'The sources in Approve',
    lines: [
      { keys: ['↓', '↑'], does: 'The next source, the one before' },
      { keys: ['Space'], does: 'Tick it off' },
    ],
  },
  {
    where: 'Two texts of one file',
    lines: [{ keys: ['Alt+↓', 'Alt+↑'], does: 'The next difference, the one before' }],
  },
  {
    where: 'The editor',
    lines: [
      { keys: ['Esc', 'Tab'], does: 'Out of the text' },
      { keys: ['Ctrl+S'], does: 'Save at once; it is saved by itself at every pause' },
      { keys: ['Ctrl+Z', 'Ctrl+Y'], does: 'Undo, also after a reload; do it again' },
      { keys: ['Ctrl+F'], does: 'Search and replace' },
      { keys: ['Ctrl+Alt+G'], does: 'Go to a line' },
      { keys: ['Ctrl+B', 'Ctrl+I'], does: 'Strong, emphasised' },
      {
        keys: ['Ctrl+K'],
        does: 'A link of the selected words; an address that is pasted over words does so, too',
      },
      { keys: ['Ctrl+Shift+K'], does: 'Cite a source: pick one, or paste its address' },
      { keys: ['Alt+Enter'], does: 'Make a pasted address a source, and cite it; in a citation, its entry' },
      { keys: ['Ctrl+Space'], does: 'What can stand here: sources, directives, tags' },
      { keys: ['Tab', 'Shift+Tab'], does: 'In a list: a level in, a level out' },
      { keys: ['F8', 'Shift+F8'], does: 'The next finding, the one before' },
      { keys: ['Ctrl+.'], does: 'Into its card; there, 1 to 9 press its fixes' },
    ],
  },
]
