import { EditorSelection } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { DraftFile, DraftFiles } from '../../../contract/draft.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState, Notice } from '../../parts/notice.tsx'
import { say } from '../../parts/toast.tsx'
import { isFileOf, useChanges, useLoaded } from '../../shell/changes.ts'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'
import { findWords } from '../../shell/find-words.ts'
import { reveal, useReveal, type Reveal } from '../../shell/workspace.ts'
import { studioServer } from './autosave-server.ts'
import { SaveWords } from './autosave-words.tsx'
import type { SaveState } from './autosave-state.ts'
import { ConflictChoice } from './conflict.tsx'
import type { OpenFile } from './editor-part.ts'
import { actions, companions, panels } from './editor-parts.ts'
import { eachSession, openSession, wayOut, type EditorSession } from './editor-session.ts'
import { FileList } from './files.tsx'
import { NewDraftDialog } from '../issues/new-draft.tsx'
import { wish } from './source-picker-wish.ts'
import { WordCount } from './word-count.tsx'
import './draft.css'

/** The text of an issue: its files, the editor, and what stands beside it. */
export function DraftScreen({ issue, beside }: IssueScreenProps) {
  const list = useLoaded<DraftFiles>(
    `/api/issues/${encodeURIComponent(issue)}/files`,
    (change) =>
      (change.what === 'file' && isFileOf(issue, change.path)) ||
      (change.what === 'issue' && change.id === issue),
  )
  const [wanted, setWanted] = useState(() => lastOpen(issue))
  const [making, setMaking] = useState(false)
  const [place, setPlace] = useState<Reveal | null>(null)
  const files = list.value?.files ?? []
  // The one that is open stays when its file is gone, until its writer has decided.
  const last = useRef<DraftFile | null>(null)
  const path = wanted ?? last.current?.path
  const found = files.find((each) => each.path === path) ?? null
  const kept = last.current?.path === path ? last.current : null
  const file = found ?? kept ?? files[1] ?? files[0] ?? null
  last.current = file
  const openFile = (path: string): void => {
    setWanted(path)
    remember(issue, path)
  }
  useReveal(
    (wish) => wish.in === 'draft',
    (wish) => {
      openFile(wish.file)
      setPlace(wish)
    },
  )
  useChanges((change) => {
    eachSession(({ autosave, file: { path } }) => {
      if (change === 'everything') autosave.look()
      else if (change.what === 'file' && change.path === path) autosave.changed(change.hash, change.base)
    })
  })
  if (list.value === null || file === null) {
    if (list.error !== null) return <Notice tone="error">{list.error}</Notice>
    if (list.value !== null) return <EmptyState title="There is no text">This issue has no file.</EmptyState>
    return <p class="loading">Loading …</p>
  }
  return (
    <div class="draft">
      <h2 class="visually-hidden">Draft</h2>
      <div class="draft-top">
        <FileList files={files} open={file.path} onOpen={openFile} />
        {files[0]?.path.endsWith('/issue.md') === true && (
          <Button kind="quiet" onClick={() => setMaking(true)}>
            New brief
          </Button>
        )}
      </div>
      <FileEditor
        key={file.path}
        {...{ issue, file, files, beside, place }}
        home={list.value.home}
        isGone={!files.includes(file)}
        onPlaced={() => setPlace(null)}
        onOpen={openFile}
      />
      {making && (
        <NewDraftDialog
          kind="brief"
          shelf={null}
          issue={issue}
          onClose={() => setMaking(false)}
          onMade={list.reload}
        />
      )}
    </div>
  )
}

interface FileEditorProps {
  readonly home: string
  readonly issue: string
  readonly file: DraftFile
  readonly files: readonly DraftFile[]
  /** It is not in the list any more. */
  readonly isGone: boolean
  readonly beside: boolean
  /** What is to be shown once it is open. */
  readonly place: Reveal | null
  readonly onPlaced: () => void
  readonly onOpen: (path: string) => void
}

/** How long a writer has paused when two texts are shown instead of the one, in milliseconds. */
const STILL_MS = 700

/** One file, from its opening to its end. */
function FileEditor({ home, issue, file, files, isGone, beside, place, onPlaced, onOpen }: FileEditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const [session, setSession] = useState<EditorSession | null>(null)
  const [open, setOpen] = useState<OpenFile | null>(null)
  const [state, setState] = useState<SaveState>({ at: 'saved' })
  const [error, setError] = useState<string | null>(null)
  const [panel, setPanel] = useState<string | null>(null)
  useEffect(() => {
    let left: (() => void) | null = () => undefined
    openSession(home, issue, file).then(
      (opened) => {
        if (left === null || box.current === null) return
        setOpen(opened.mount(box.current, files))
        opened.watch({
          onState: setState,
          onTaken: () => say('Changed by another program, and taken in here.'),
          onSelect(line, column) {
            if (beside) reveal({ in: 'preview', file: file.path, line, column, focus: false })
          },
        })
        setSession(opened)
        left = () => opened.unmount()
      },
      (failed: unknown) => setError(failed instanceof Error ? failed.message : 'The file cannot be read.'),
    )
    return () => {
      left?.()
      left = null
    }
  }, [])
  useEffect(() => {
    if (place === null || open === null || place.file !== file.path) return
    show(open.view, place)
    if (place.cites === true) wish(open.view, { what: 'pick-source' })
    onPlaced()
  }, [place, open])
  const [facing, setFacing] = useState(false)
  useEffect(() => {
    setFacing(false)
    if (state.at !== 'conflict' || session === null) return
    // Whoever is in the middle of a sentence ends it first: no key goes astray.
    const timer = setInterval(() => {
      if (session.stillFor < STILL_MS) return
      clearInterval(timer)
      session.autosave.face()
      setFacing(true)
    }, 50)
    return () => clearInterval(timer)
  }, [state.at === 'conflict', session])
  const conflict = state.at === 'conflict' && facing ? state : null
  const chose = useRef(false)
  useEffect(() => {
    // The text is there again, and the writer in it.
    if (conflict === null && chose.current) open?.view.focus()
    chose.current = conflict !== null
  }, [conflict === null])
  const offered = panels.filter((each) => each.shows(file))
  const offeredActions = actions.filter((each) => each.shows(file))
  const shownPanel = offered.find(({ id }) => id === panel)
  const before = session?.autosave.hash ?? null
  const renamedTo = isGone ? (files.find(({ hash }) => hash !== null && hash === before)?.path ?? null) : null
  const leave = async (text: string): Promise<void> => {
    if (renamedTo !== null) {
      // What was written since goes along.
      const moved = await studioServer.save({ path: renamedTo, text, base: before })
      if (!moved.ok)
        return setError(
          moved.why === 'refused' ? moved.sentence : 'Your text could not go along; it is still below.',
        )
    }
    session?.autosave.letGo()
    onOpen(renamedTo ?? files[0]?.path ?? '')
  }
  return (
    <>
      {conflict === null && offered.length + offeredActions.length > 0 && (
        <div class="draft-tools" role="group" aria-label="Beside the text">
          {offered.map(({ id, label }) => (
            <Button
              key={id}
              kind="quiet"
              pressed={id === panel}
              onClick={() => setPanel(id === panel ? null : id)}
            >
              {label}
            </Button>
          ))}
          {offeredActions.map(({ id, label, keys, run }) => (
            <Button key={id} kind="quiet" disabled={open === null} onClick={() => open !== null && run(open)}>
              {label}
              {keys !== undefined && <kbd>{keys}</kbd>}
            </Button>
          ))}
        </div>
      )}
      {error !== null && <Notice tone="error">{error}</Notice>}
      {state.at === 'offline' && (
        <Notice tone="warning">
          {state.kept
            ? 'The studio does not answer. Go on writing: this browser keeps your text, and saves it when the studio is back.'
            : 'The studio does not answer, and this browser has no room to keep your text. Leave this page open.'}
        </Notice>
      )}
      {state.at === 'refused' && <Notice tone="error">{state.sentence}</Notice>}
      {conflict !== null && (
        <ConflictChoice
          {...{ conflict: conflict.conflict, kept: conflict.kept, path: file.path, renamedTo }}
          onChoose={(text) => {
            session?.autosave.resolve(conflict.conflict, text)
          }}
          onLeave={() => void leave(conflict.conflict.mine)}
        />
      )}
      <div
        class={shownPanel === undefined ? 'draft-body' : 'draft-body with-panel'}
        hidden={conflict !== null}
      >
        <div class={`draft-editor ${file.kind}`} ref={box} />
        {shownPanel !== undefined && open !== null && (
          <aside
            class="draft-panel"
            aria-label={shownPanel.label}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || event.defaultPrevented) return
              setPanel(null)
              open.view.focus()
            }}
          >
            <shownPanel.Panel open={open} />
          </aside>
        )}
      </div>
      <div class="draft-foot">
        {session !== null && <SaveWords state={state} />}
        <WordCount file={file} files={files} />
        <p class="draft-way-out" id={wayOut} hidden={conflict !== null}>
          <kbd>Esc</kbd> then <kbd>Tab</kbd> leaves the text
        </p>
      </div>
      {open !== null && companions.map((Companion) => <Companion key={Companion.name} open={open} />)}
    </>
  )
}

/** Brings a line into the middle of the view, and the cursor to it. */
function show(view: EditorView, { line, column, focus, words }: Reveal): void {
  const { doc } = view.state
  const at = doc.line(Math.min(Math.max(1, line), doc.lines))
  const head = Math.min(at.from + Math.max(0, column - 1), at.to)
  const within = { from: at.from, to: doc.length }
  const meant = words === undefined ? null : findWords(doc.toString(), within, words)
  view.dispatch({
    selection: meant === null ? EditorSelection.cursor(head) : EditorSelection.range(meant.from, meant.to),
    effects: EditorView.scrollIntoView(meant?.from ?? head, { y: 'center' }),
  })
  if (focus) view.focus()
}

/** Which file of an issue was open last, in this browser window. */
function lastOpen(issue: string): string | null {
  try {
    return sessionStorage.getItem(`onrecord.file.${issue}`)
  } catch {
    return null
  }
}

function remember(issue: string, path: string): void {
  try {
    sessionStorage.setItem(`onrecord.file.${issue}`, path)
  } catch {
    // The first brief opens next time.
  }
}
