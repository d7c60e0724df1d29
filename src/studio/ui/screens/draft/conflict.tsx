import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import type { Conflict } from './autosave-state.ts'
import type { Merge } from './conflict-merge.ts'

export interface ConflictChoiceProps {
  readonly conflict: Conflict
  readonly path: string
  /** Whether the browser keeps this side's text until it is decided. */
  readonly kept: boolean
  /** What a file that is gone is called now, if it was only renamed. */
  readonly renamedTo: string | null
  /** Saves `text` in place of both. */
  readonly onChoose: (text: string) => void
  /** Opens the file under its new name, with this side’s text in it, or lets go of one that was removed. */
  readonly onLeave: () => void
}

/** Both texts of a file that was changed here and elsewhere; nothing is written until one is chosen. */
export function ConflictChoice(props: ConflictChoiceProps) {
  const { conflict, path, kept } = props
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [conflict])
  const merged = useRef<string | null>(null)
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (
    // What was meant for the text is no key of the studio's.
    <section
      class="draft-conflict"
      aria-labelledby="draft-conflict-title"
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div role="alert" class="draft-conflict-head">
        <h3 id="draft-conflict-title" tabIndex={-1} ref={heading}>
          {titleOf(conflict, props.renamedTo, name)}
        </h3>
        <p>{sentenceOf(conflict, props.renamedTo)}</p>
      </div>
      {!kept && (
        <Notice tone="warning">
          This browser has no room to keep your text. Leave this page open until you have chosen.
        </Notice>
      )}
      {conflict.theirs === null ? (
        <GoneChoice {...props} />
      ) : (
        <BothTexts
          {...{ ...props, merged, theirs: conflict.theirs.text }}
          key={`${conflict.theirs.hash} ${conflict.mine}`}
        />
      )}
    </section>
  )
}

function titleOf({ theirs, overwritten }: Conflict, renamedTo: string | null, name: string): string {
  if (renamedTo !== null) return `${name} is called ${renamedTo.slice(renamedTo.lastIndexOf('/') + 1)} now`
  if (theirs === null) return `${name} was removed`
  return overwritten
    ? `Another program wrote over what you wrote in ${name}`
    : `${name} was changed elsewhere while you wrote`
}

function sentenceOf({ theirs }: Conflict, renamedTo: string | null): string {
  if (renamedTo !== null)
    return 'Another program renamed it. Your text is below, and goes along to the renamed file.'
  if (theirs === null)
    return 'It is not on the disk any more. Your text is below; nothing is written until you choose.'
  return 'Here are both texts. Nothing is written until you choose; what you choose can be undone.'
}

/** How long two texts are there before one can be chosen, in milliseconds. */
const SEEN_MS = 400

interface BothTextsProps extends ConflictChoiceProps {
  readonly theirs: string
  /** What was merged by hand so far: it stays when one of the texts is changed once more. */
  readonly merged: { current: string | null }
}

function BothTexts({ conflict, theirs, merged, onChoose }: BothTextsProps) {
  const box = useRef<HTMLDivElement>(null)
  const merge = useRef<Merge | null>(null)
  const [failed, setFailed] = useState(false)
  // What has just come up, perhaps in the place of another, is not yet what a hand was about to choose.
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSeen(true), SEEN_MS)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    let ended = false
    import('./conflict-merge.ts').then(
      ({ openMerge }) => {
        if (ended || box.current === null) return
        merge.current = openMerge(box.current, { mine: merged.current ?? conflict.mine, theirs })
      },
      () => setFailed(true),
    )
    return () => {
      ended = true
      const text = merge.current?.text() ?? conflict.mine
      if (text !== conflict.mine) merged.current = text
      merge.current?.close()
      merge.current = null
    }
  }, [])
  return (
    <>
      <div class="draft-conflict-actions" role="group" aria-label="Which text is kept">
        <Button kind="primary" disabled={!isSeen} onClick={() => onChoose(conflict.mine)}>
          Keep mine
        </Button>
        <Button disabled={!isSeen} onClick={() => onChoose(theirs)}>
          Take theirs
        </Button>
        {!failed && (
          <>
            <Button disabled={!isSeen} onClick={() => onChoose(merge.current?.text() ?? conflict.mine)}>
              Save what I merged
            </Button>
            <span class="draft-conflict-steps">
              <Button kind="quiet" label="Previous difference" onClick={() => merge.current?.previous()}>
                ↑ Previous
              </Button>
              <Button kind="quiet" label="Next difference" onClick={() => merge.current?.next()}>
                ↓ Next
              </Button>
            </span>
          </>
        )}
      </div>
      {failed ? (
        <div class="draft-plain-texts">
          <pre class="plain" dir="auto" tabIndex={0} role="region" aria-label="The text on the disk">
            {theirs}
          </pre>
          <pre class="plain" dir="auto" tabIndex={0} role="region" aria-label="Your text">
            {conflict.mine}
          </pre>
        </div>
      ) : (
        <>
          <div class="draft-conflict-sides" aria-hidden="true">
            <span>Theirs: on the disk</span>
            <span>Mine, by hand or with → (theirs instead of mine) and + (both)</span>
          </div>
          <div class="draft-merge" ref={box} />
        </>
      )}
    </>
  )
}

function GoneChoice({ conflict, renamedTo, onChoose, onLeave }: ConflictChoiceProps) {
  return (
    <>
      <div class="draft-conflict-actions" role="group" aria-label="What becomes of the text">
        {renamedTo !== null && (
          <Button kind="primary" onClick={onLeave}>
            Open the renamed file
          </Button>
        )}
        <Button kind={renamedTo === null ? 'primary' : 'plain'} onClick={() => onChoose(conflict.mine)}>
          Write it again
        </Button>
        {renamedTo === null && <Button onClick={onLeave}>Let it go</Button>}
      </div>
      <pre class="plain draft-gone-text" dir="auto" tabIndex={0} role="region" aria-label="Your text">
        {conflict.mine}
      </pre>
    </>
  )
}
