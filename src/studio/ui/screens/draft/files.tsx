import { useEffect, useRef } from 'preact/hooks'
import type { DraftFile } from '../../../contract/draft.ts'

/** The files of an issue, side by side; the open one is marked. */
export function FileList({
  files,
  open,
  onOpen,
}: {
  readonly files: readonly DraftFile[]
  /** The path of the open one. */
  readonly open: string | null
  readonly onOpen: (path: string) => void
}) {
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    const current = list.current?.querySelector('[aria-current]')
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [open, files.length])
  return (
    <nav class="draft-files" aria-label="Files of this issue" ref={list}>
      <ul>
        {files.map((file) => (
          <li key={file.path} class={file.kind}>
            <button
              type="button"
              aria-current={file.path === open ? 'true' : undefined}
              title={file.path}
              onClick={() => onOpen(file.path)}
            >
              {nameOf(file)}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** What a file is called on the screen. */
function nameOf({ path, kind, title }: DraftFile): string {
  switch (kind) {
    case 'issue':
      // An issue in one file is its brief.
      return path.endsWith('/issue.md') ? 'Opening note' : title
    case 'ledger':
      return 'Ledger'
    case 'brief':
      return title
  }
}
