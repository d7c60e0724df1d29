import type { ClipLine, IssuePreview, SectionBytes } from '../../../contract/preview.ts'
import { sizeInWords } from '../../shell/size.ts'

export interface SizeProps {
  readonly preview: Pick<IssuePreview, 'bytes' | 'limits' | 'sections' | 'clip'>
  /** Leads to the beginning of a section, or to the line. */
  readonly onShow: (target: SectionBytes | ClipLine, label: string) => void
}

/** How much of what Gmail shows the mail takes, and by which of its parts. */
export function Size({ preview, onShow }: SizeProps) {
  const { bytes, limits, sections, clip } = preview
  const whole = Math.max(bytes, limits.clip)
  const last = sections.find(({ end }) => clip !== null && clip.at < end)
  return (
    <details class={clip === null ? 'preview-size' : 'preview-size over'}>
      <summary>
        <span class="preview-meter" aria-hidden="true">
          {sections.map((each) => (
            <span key={each.end} style={{ width: `${(each.bytes / whole) * 100}%` }} />
          ))}
          {clip !== null && <i style={{ insetInlineStart: `${(limits.clip / whole) * 100}%` }} />}
        </span>
        {clip === null
          ? `${sizeInWords(bytes)} of HTML, of the ${sizeInWords(limits.clip)} that Gmail shows${
              bytes > limits.warn ? ': not much is left' : ''
            }`
          : `${sizeInWords(bytes)} of HTML: Gmail stops at ${sizeInWords(limits.clip)}${
              last === undefined ? '' : `, in “${last.label}”`
            }`}
      </summary>
      {clip !== null && (
        <p>
          What stands after the line is behind a link, “View entire message”, and with it the way to leave.{' '}
          <button type="button" class="preview-link" onClick={() => onShow(clip, 'where Gmail stops')}>
            Show the line
          </button>
        </p>
      )}
      <table>
        <caption class="visually-hidden">Bytes a section</caption>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">Section</th>
            <th scope="col">Size</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {sections.map((each) => (
            <tr key={each.end}>
              <th scope="row">
                {each.selector === null ? (
                  <span>{each.label}</span>
                ) : (
                  <button type="button" class="preview-link" onClick={() => onShow(each, each.label)}>
                    {each.label}
                  </button>
                )}
              </th>
              <td>{sizeInWords(each.bytes)}</td>
              <td>
                <span class="preview-share" style={{ width: `${(each.bytes / bytes) * 6}rem` }} />
                {Math.round((each.bytes / bytes) * 100)} %
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
