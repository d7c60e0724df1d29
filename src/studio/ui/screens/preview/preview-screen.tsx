import { useMemo, useState } from 'preact/hooks'
import type { ClipLine, FrameQuery, IssuePreview, SectionBytes } from '../../../contract/preview.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState, Notice } from '../../parts/notice.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { say } from '../../parts/toast.tsx'
import { apiPath, sentenceOf } from '../../shell/api.ts'
import { useChanges, useLoaded } from '../../shell/changes.ts'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'
import { useRemembered } from '../../shell/remembered.ts'
import { go, href } from '../../shell/routes.ts'
import { reveal } from '../../shell/workspace.ts'
import { tiersOf } from '../../shell/tiers.ts'
import { BlockingLines } from './blocking-lines.tsx'
import { Inbox } from './inbox.tsx'
import { MailPicture, type Meant } from './mail-picture.tsx'
import { Mime } from './mime.tsx'
import { openScrollTogether } from './scroll-together.ts'
import { Size } from './size.tsx'
import { PictureBar, ReaderBar } from './toolbar.tsx'
import { useViewChoice, type ViewChoice } from './view-choice.ts'
import { PlainText, ReadingOrder } from './words.tsx'
import { writeLook } from './write-look.ts'
import './preview.css'

const tabs: readonly { readonly id: ViewChoice['show']; readonly label: string }[] = [
  { id: 'mail', label: 'Mail' },
  { id: 'web', label: 'Web page' },
  { id: 'inbox', label: 'Inbox' },
  { id: 'text', label: 'Text' },
  { id: 'order', label: 'Reading order' },
  { id: 'source', label: 'Source' },
]

/** What each reader gets, exactly. */
export function PreviewScreen({ issue, head, shelf, beside }: IssueScreenProps) {
  const [choice, choose] = useViewChoice()
  const [follows, setFollows] = useRemembered('preview.follows', 'yes', (text) =>
    text === 'yes' || text === 'no' ? text : null,
  )
  const [target, setTarget] = useState<SectionBytes | ClipLine | null>(null)
  const together = useMemo(openScrollTogether, [])
  const query = { tier: choice.tier, persona: choice.reader, look: choice.look }
  const follow = (change: { readonly what: string; readonly id?: string }): boolean =>
    change.what === 'people' || (change.what === 'issue' && change.id === issue)
  const { value, error, reload } = useLoaded<IssuePreview>(
    apiPath(['issues', issue, 'preview'], query),
    follow,
    { keeps: true },
  )
  const beyond = useLoaded<IssuePreview>(
    choice.against === null
      ? null
      : apiPath(['issues', issue, 'preview'], { ...query, look: choice.against }),
    follow,
    { keeps: true },
  )
  // The picture is asked for at once, without waiting for what else is new of it.
  const [told, setTold] = useState<Readonly<Record<string, number>>>({})
  useChanges((change) => {
    if (change !== 'everything' && change.what === 'issue' && change.id === issue)
      setTold(change.pictures ?? {})
  })
  const tiers = tiersOf(shelf?.publication)

  const onMeant = ({ file, line, column, words }: Meant): void => {
    reveal({ in: 'draft', file, line, column, focus: true, ...(words === undefined ? {} : { words }) })
    if (!beside) go(href({ screen: 'issue', issue, tab: 'draft' }))
  }
  const onUseLook = async (look: string): Promise<void> => {
    try {
      await writeLook(value?.files[0] ?? '', look)
      choose({ look: null, against: null })
      say(`The issue is made in ${look} from now on.`)
    } catch (failure) {
      say(`The look was not written. ${sentenceOf(failure)}`)
    }
  }
  const frameOf = (shown: IssuePreview, part: 'mail' | 'web'): string => {
    const own = shown.look === shown.ownLook
    const asked: FrameQuery = {
      scheme: part === 'web' && choice.colours === 'forced' ? 'dark' : choice.colours,
      persona: shown.persona.id,
      ...(own ? {} : { look: shown.look }),
      ...(choice.images === 'off' ? { images: 'off' } : {}),
      ...(choice.text === '200' ? { text: '200' } : {}),
      v: String(own ? Math.max(shown.version, told[shown.tier] ?? 0) : shown.version),
    }
    return `${shown.frames[part]}?${new URLSearchParams({ ...asked }).toString()}`
  }
  const picture = (shown: IssuePreview, part: 'mail' | 'web') => (
    <MailPicture
      key={part === 'web' ? 'web' : shown === value ? 'mail' : 'beside'}
      title={
        part === 'web'
          ? `The web page, for ${tiers[shown.tier]}`
          : `The mail, for ${tiers[shown.tier]}, in ${shown.look}`
      }
      src={frameOf(shown, part)}
      reads={`${issue} ${part} ${shown === value ? '' : 'beside'}`}
      width={choice.width}
      onWidth={(width) => choose({ width })}
      mail={part === 'mail' ? shown : null}
      follows={follows === 'yes'}
      {...{ onMeant, target, together }}
      note={part === 'mail' && choice.colours === 'forced' ? 'dark by a model' : null}
      foot={
        part === 'mail' ? (
          <Size
            preview={shown}
            onShow={(next, label) => {
              setTarget({ ...next })
              say(`The picture shows ${label}.`)
            }}
          />
        ) : null
      }
    />
  )
  const show = (shown: IssuePreview) => {
    const path = (what: string): string =>
      apiPath(['issues', issue, 'preview', what], { ...query, v: shown.build })
    switch (choice.show) {
      case 'mail':
      case 'web':
        return (
          <>
            <PictureBar
              {...{ choice, choose }}
              page={choice.show === 'web'}
              preview={shown}
              follows={follows === 'yes'}
              onFollows={(next) => setFollows(next ? 'yes' : 'no')}
            />
            <div class="preview-pictures">
              {picture(shown, choice.show)}
              {choice.show === 'mail' &&
                choice.against !== null &&
                beyond.value !== null &&
                picture(beyond.value, 'mail')}
            </div>
            {choice.show === 'mail' && beyond.error !== null && <Notice tone="error">{beyond.error}</Notice>}
          </>
        )
      case 'inbox':
        return <Inbox rows={shown.inbox} />
      case 'text':
        return <PlainText path={path('text')} lang={shown.lang} />
      case 'order':
        return <ReadingOrder path={path('text')} lang={shown.lang} {...{ files: shown.files, onMeant }} />
      case 'source':
        return <Mime path={path('source')} file={path('message.eml')} />
    }
  }
  const back = choice.reader !== 'sample' || choice.look !== null
  return (
    <div class={beside ? 'preview beside' : 'preview'}>
      <h2 class="visually-hidden">Preview</h2>
      <ReaderBar
        {...{ issue, choice, choose, tiers }}
        preview={value}
        onUseLook={(look) => void onUseLook(look)}
      />
      {error !== null && value !== null && (
        <Notice tone="error">
          <p>{error}</p>
          <p>
            <Button onClick={back ? () => choose({ reader: 'sample', look: null }) : reload}>
              {back ? 'Back to the sample reader, in the issue’s own look' : 'Try again'}
            </Button>
          </p>
        </Notice>
      )}
      {value === null && error === null && <p class="loading">The mail is being made …</p>}
      {value === null && error !== null && (
        <EmptyState title="There is no picture yet">
          <p>{error}</p>
          {back && (
            <p>
              <Button onClick={() => choose({ reader: 'sample', look: null })}>
                Back to the sample reader, in the issue’s own look
              </Button>
            </p>
          )}
          <BlockingLines {...{ issue, readiness: head?.readiness ?? null }} bare />
        </EmptyState>
      )}
      {value !== null && (
        <Tabs
          label="What is shown"
          tabs={tabs}
          chosen={choice.show}
          onChoose={(id) => choose({ show: tabs.find((each) => each.id === id)?.id ?? 'mail' })}
        >
          {show(value)}
        </Tabs>
      )}
      {value?.stale === true && <BlockingLines {...{ issue, readiness: head?.readiness ?? null }} />}
    </div>
  )
}
