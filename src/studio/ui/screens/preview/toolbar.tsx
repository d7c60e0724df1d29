import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { IssuePreview } from '../../../contract/preview.ts'
import { Button } from '../../parts/button.tsx'
import { Checkbox, Field, Select } from '../../parts/field.tsx'
import { Choice } from '../../parts/tabs.tsx'
import { useDismiss } from '../../shell/dismiss.ts'
import { ReaderPicker } from './reader-picker.tsx'
import { widthWithin, type ViewChoice } from './view-choice.ts'

export interface ToolbarProps {
  readonly issue: string
  readonly choice: ViewChoice
  readonly choose: (change: Partial<ViewChoice>) => void
  /** Null until it is known. */
  readonly preview: IssuePreview | null
  readonly tiers: Readonly<Record<ViewChoice['tier'], string>>
}

/** Who looks, and in which look. */
export function ReaderBar({
  issue,
  choice,
  choose,
  preview,
  tiers,
  onUseLook,
}: ToolbarProps & { readonly onUseLook: (look: string) => void }) {
  const persona = preview?.persona ?? null
  const looks = preview?.looks ?? []
  const own = preview?.ownLook ?? ''
  const look = choice.look ?? own
  const other = persona !== null && persona.tier !== null && persona.tier !== choice.tier
  return (
    <>
      <div class="toolbar preview-bar">
        <ReaderPicker
          {...{ issue, tiers }}
          chosen={persona}
          onChoose={({ id, tier }) => choose({ reader: id, ...(tier === null ? {} : { tier }) })}
        />
        <Choice
          label="Tier"
          options={(['public', 'subscriber', 'member'] as const).map((each) => ({
            value: each,
            label: tiers[each],
          }))}
          chosen={choice.tier}
          onChoose={(tier) => choose({ tier })}
        />
        {looks.length > 1 && (
          <Select
            label="Look"
            value={look}
            options={looks.map((each) => ({ value: each, label: each === own ? `${each} (own)` : each }))}
            onChange={(value) => choose({ look: value === own ? null : value })}
          />
        )}
        {preview !== null && look !== own && (
          <Button onClick={() => onUseLook(look)}>Use {look} for this issue</Button>
        )}
      </div>
      {(other || persona?.note || persona?.plain === true) && (
        <p class="preview-note">
          {persona?.note}
          {persona?.plain === true && ' This reader wants plain text: what they get is under Text.'}
          {other &&
            ` ${tiers[persona.tier ?? 'subscriber']} is this reader’s tier: they do not get this edition.`}
        </p>
      )}
    </>
  )
}

const widths: readonly { readonly value: string; readonly label: string }[] = [
  { value: '360', label: 'Small phone, 360' },
  { value: '375', label: 'Phone, 375' },
  { value: '414', label: 'Large phone, 414' },
  { value: '600', label: 'Reading pane, 600' },
  { value: '768', label: 'Tablet, 768' },
  { value: '1024', label: 'Computer, 1,024' },
]

const colours = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark, by the mail’s own styles' },
  { value: 'forced', label: 'Dark, forced by the program' },
] as const

/** How the picture is looked at. */
export function PictureBar({
  choice,
  choose,
  page,
  preview,
  follows,
  onFollows,
}: Pick<ToolbarProps, 'choice' | 'choose' | 'preview'> & {
  /** Of a web page, which no program forces dark. */
  readonly page: boolean
  readonly follows: boolean
  readonly onFollows: (follows: boolean) => void
}) {
  const { width, colours: colour, images, text } = choice
  const others = (preview?.looks ?? []).filter((each) => each !== (choice.look ?? preview?.ownLook))
  const changed = [
    images === 'off' && 'images off',
    text === '200' && 'text at 200 %',
    choice.against !== null && `beside ${choice.against}`,
  ].filter((each) => each !== false)
  return (
    <div class="toolbar preview-bar">
      <Select
        label="Width"
        value={widths.some(({ value }) => value === String(width)) ? String(width) : ''}
        options={[
          ...widths,
          ...(widths.some(({ value }) => value === String(width))
            ? []
            : [{ value: '', label: `Another, ${width}` }]),
        ]}
        onChange={(value) => value !== '' && choose({ width: widthWithin(Number(value)) })}
      />
      <Select
        label="Colours"
        value={page && colour === 'forced' ? 'dark' : colour}
        options={page ? colours.filter(({ value }) => value !== 'forced') : colours}
        onChange={(value) =>
          choose({ colours: colours.find((each) => each.value === value)?.value ?? 'light' })
        }
      />
      <More label={changed.length === 0 ? 'More' : `More: ${changed.join(', ')}`}>
        <WidthField width={width} onWidth={(next) => choose({ width: next })} />
        <Checkbox
          label="Images off"
          checked={images === 'off'}
          onChange={(checked) => choose({ images: checked ? 'off' : 'on' })}
        />
        <Checkbox
          label="Text at 200 %"
          checked={text === '200'}
          onChange={(checked) => choose({ text: checked ? '200' : '100' })}
        />
        {!page && (
          <>
            <Checkbox label="Follow the cursor in the draft" checked={follows} onChange={onFollows} />
            {others.length > 0 && (
              <Select
                label="Beside it, in another look"
                value={choice.against ?? ''}
                options={[
                  { value: '', label: 'Nothing' },
                  ...others.map((each) => ({ value: each, label: each })),
                ]}
                onChange={(value) => choose({ against: value === '' ? null : value })}
              />
            )}
            <p class="soft">
              In the picture, <kbd>j</kbd> and <kbd>k</kbd> go from passage to passage, and <kbd>e</kbd> opens
              the line in the draft, as a click does.
            </p>
          </>
        )}
        {colour === 'forced' && (
          <p class="soft">
            Forced dark is drawn by a model of what Gmail and Outlook do; each version of them differs a
            little.
          </p>
        )}
      </More>
    </div>
  )
}

/** What is typed counts when it is a width, or the field is left. */
function WidthField({
  width,
  onWidth,
}: {
  readonly width: number
  readonly onWidth: (width: number) => void
}) {
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <div onFocusOut={() => setTyped(null)}>
      <Field
        label="Width, in pixels"
        type="number"
        value={typed ?? String(width)}
        onInput={(value) => {
          setTyped(value)
          if (widthWithin(Number(value)) === Number(value)) onWidth(Number(value))
        }}
      />
    </div>
  )
}

/** What is seldom changed, folded away; Escape or a click elsewhere folds it again. */
function More({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  const box = useRef<HTMLDetailsElement>(null)
  useDismiss(box, () => {
    if (box.current !== null) box.current.open = false
  })
  return (
    <details class="preview-more" ref={box}>
      <summary class="button">{label}</summary>
      <div class="preview-more-box">{children}</div>
    </details>
  )
}
