/**
 * How much a reader minds: `breaks`, reading or a link is lost; `looks-different`, it can be read and looks
 * otherwise; `invisible`, it falls back to something that nobody would miss, and is not shown.
 */
export type Notice = 'breaks' | 'looks-different' | 'invisible'

/** What a reader notices where a mail program lacks a feature. */
export interface Noticed {
  /** The feature in caniemail's data. */
  readonly slug: string
  readonly notice: Notice
  /** What the program does, after its name: “shows square corners”. */
  readonly words: string
  /**
   * Whether partial support lacks it too, since what is found is as narrow as what is left out; a word: where
   * the testers' notes say “not … word”.
   */
  readonly partial: boolean | string
}

const breaks = (slug: string, words: string, partial: Noticed['partial'] = false): Noticed => ({
  slug,
  notice: 'breaks',
  words,
  partial,
})
const differs = (slug: string, words: string, partial: Noticed['partial'] = false): Noticed => ({
  slug,
  notice: 'looks-different',
  words,
  partial,
})
const unnoticed = (slug: string): Noticed => ({ slug, notice: 'invisible', words: '', partial: false })

const besides = 'puts one below the other what stands side by side'
const noImage = 'does not show the image'
const noColour = 'leaves out colours that are written in a newer way'
const noSize = 'leaves out sizes that are calculated'
const noForm = 'does not let the reader fill in the form'
const shownText = 'shows text that is meant to be hidden'
const noFilter = 'shows the picture or box without its effect'
const noTypeface = 'shows a typeface of its own instead of yours'
const noSpecial = 'does not tell these parts apart by their style'

/** By what is used in the mail (`features.ts`). Every slug is in the vendored data; a test holds them to each other. */
export const notices = {
  'anchor-link': breaks('html-anchor-links', 'does nothing when a link to a place in this mail is opened'),
  'display-none': breaks('css-display-none', shownText),
  'visibility-hidden': breaks('css-visibility', shownText),
  'hidden-attribute': breaks('html-hidden', shownText),
  'opacity-zero': breaks('css-opacity', shownText),
  'line-breaks': breaks('css-white-space', 'runs the lines of preformatted text together', 'Google'),
  'text-before': breaks('css-pseudo-element-before', 'leaves out words that only the style sheet adds', true),
  'text-after': breaks('css-pseudo-element-after', 'leaves out words that only the style sheet adds', true),
  'image-map': breaks('html-image-maps', 'does not open the links that lie on the image'),
  form: breaks('html-form', noForm, true),
  'text-field': breaks('html-input-text', noForm),
  'tick-box': breaks('html-input-checkbox', noForm),
  choice: breaks('html-select', noForm),
  video: breaks('html-video', 'does not play the video'),
  audio: breaks('html-audio', 'does not play the sound'),
  svg: breaks('html-svg', 'leaves out the drawing'),
  object: breaks('html-object', 'leaves out the embedded object'),
  dialog: breaks('html-dialog', 'does not open the dialog'),
  meter: breaks('html-meter', 'leaves out the bar'),
  progress: breaks('html-progress', 'leaves out the bar'),
  webp: breaks('image-webp', noImage),
  avif: breaks('image-avif', noImage),
  'svg-image': breaks('image-svg', noImage),
  heif: breaks('image-heif', noImage),
  tiff: breaks('image-tiff', noImage),
  bmp: breaks('image-bmp', noImage),
  ico: breaks('image-ico', noImage),
  'data-image': breaks('image-base64', noImage),
  'video-image': breaks('image-mp4', noImage),

  apng: differs('image-apng', 'shows the animation as a still picture'),
  radius: differs('css-border-radius', 'shows square corners'),
  'radius-logical': differs('css-border-radius-logical', 'shows square corners'),
  'box-shadow': differs('css-box-shadow', 'shows no shadow'),
  'text-shadow': differs('css-text-shadow', 'shows no shadow'),
  'background-image': differs('css-background-image', 'shows no picture behind the text'),
  'linear-gradient': differs('css-linear-gradient', 'shows a plain ground instead of a gradient'),
  'radial-gradient': differs('css-radial-gradient', 'shows a plain ground instead of a gradient'),
  'conic-gradient': differs('css-conic-gradient', 'shows a plain ground instead of a gradient'),
  flex: differs('css-display-flex', besides),
  grid: differs('css-display-grid', besides),
  'grid-template': differs('css-grid-template', besides),
  columns: differs('css-column-count', besides),
  float: differs('css-float', besides),
  'position-absolute': differs('css-position', 'puts freely placed parts elsewhere', 'absolute'),
  'position-fixed': differs('css-position', 'lets parts scroll away that are meant to stay', 'fixed'),
  'position-sticky': differs('css-position', 'lets parts scroll away that are meant to stay', 'sticky'),
  padding: differs('css-padding', 'sets the text of boxes against their edges', true),
  'negative-margin': differs('css-margin', 'leaves out negative margins, so that parts stand apart', true),
  'wide-image': differs('css-max-width', 'shows an image wider than the column', true),
  'font-face': differs('css-at-font-face', noTypeface),
  'style-import': differs('css-at-import', 'leaves out the styles of a linked style sheet'),
  'style-link': differs('html-link', 'leaves out the styles of a linked style sheet'),
  animation: differs('css-animation', 'shows the animation as a still picture'),
  transform: differs('css-transform', 'shows turned or moved parts as they were'),
  filter: differs('css-filter', noFilter),
  'clip-path': differs('css-clip-path', noFilter),
  'mask-image': differs('css-mask-image', noFilter),
  'blend-mode': differs('css-mix-blend-mode', noFilter),
  opacity: differs('css-opacity', 'shows faded parts at full strength'),
  'object-fit': differs('css-object-fit', 'stretches the image'),
  'aspect-ratio': differs('css-aspect-ratio', 'shows boxes in another shape'),
  'list-image': differs('css-list-style-image', 'shows plain bullets'),
  'list-numbers': differs('html-lists', 'numbers the list in another order', true),
  'rem-size': differs('css-font-size', 'shows text in another size', true),
  'rem-unit': differs('css-unit-rem', noSize),
  'vw-unit': differs('css-unit-vw', noSize),
  'vh-unit': differs('css-unit-vh', noSize),
  'ch-unit': differs('css-unit-ch', noSize),
  calc: differs('css-unit-calc', noSize),
  clamp: differs('css-function-clamp', noSize),
  min: differs('css-function-min', noSize),
  max: differs('css-function-max', noSize),
  rgba: differs('css-rgba', 'leaves out colours that are see-through'),
  'rgb-spaces': differs('css-rgb', noColour, true),
  'modern-colour': differs('css-modern-color', noColour),
  'light-dark': differs('css-function-light-dark', noColour),
  variable: differs('css-variables', 'leaves out colours and sizes that come from variables'),
  nesting: differs('css-nesting', 'leaves out styles that are nested in others'),
  'attribute-selector': differs('css-selector-attribute', noSpecial),
  'child-selector': differs('css-selector-child', noSpecial),
  'adjacent-selector': differs('css-selector-adjacent-sibling', noSpecial),
  'sibling-selector': differs('css-selector-general-sibling', noSpecial),
  'chained-selector': differs('css-selector-chaining', noSpecial),
  'universal-selector': differs('css-selector-universal', noSpecial),
  'first-child': differs('css-pseudo-class-first-child', noSpecial),
  'last-child': differs('css-pseudo-class-last-child', noSpecial),
  'nth-child': differs('css-pseudo-class-nth-child', noSpecial),
  'nth-last-child': differs('css-pseudo-class-nth-last-child', noSpecial),
  not: differs('css-pseudo-class-not', noSpecial),
  has: differs('css-pseudo-class-has', noSpecial),
  'first-letter': differs('css-pseudo-element-first-letter', 'shows a plain first letter'),
  'text-emphasis': differs('css-text-emphasis', 'leaves out the marks of emphasis'),
  'writing-mode': differs('css-writing-mode', 'sets upright text across the page'),
  'caption-side': differs('css-caption-side', 'puts the caption of a table elsewhere'),
  'text-overflow': differs('css-text-overflow', 'cuts text without an ellipsis'),
  marquee: differs('html-marquee', 'shows running text at rest'),
  ruby: differs('html-ruby', 'puts the reading of a word beside it'),

  'dark-styles': unnoticed('css-at-media-prefers-color-scheme'),
  'media-query': unnoticed('css-at-media'),
  supports: unnoticed('css-at-supports'),
  'color-scheme': unnoticed('css-color-scheme'),
  'meta-color-scheme': unnoticed('html-meta-color-scheme'),
  'letter-spacing': unnoticed('css-letter-spacing'),
  'word-spacing': unnoticed('css-word-spacing'),
  'line-height': unnoticed('css-line-height'),
  'overflow-wrap': unnoticed('css-overflow-wrap'),
  'word-break': unnoticed('css-word-break'),
  hyphens: unnoticed('css-hyphens'),
  'table-layout': unnoticed('css-table-layout'),
  outline: unnoticed('css-outline'),
  transition: unnoticed('css-transition'),
  cursor: unnoticed('css-cursor'),
  'box-sizing': unnoticed('css-box-sizing'),
  'max-height': unnoticed('css-max-height'),
  'min-width': unnoticed('css-min-width'),
  orphans: unnoticed('css-orphans'),
  widows: unnoticed('css-widows'),
  hover: unnoticed('css-pseudo-class-hover'),
  focus: unnoticed('css-pseudo-class-focus'),
  active: unnoticed('css-pseudo-class-active'),
  visited: unnoticed('css-pseudo-class-visited'),
  link: unnoticed('css-pseudo-class-link'),
  semantics: unnoticed('html-semantics'),
  role: unnoticed('html-role'),
  'aria-label': unnoticed('html-aria-label'),
  'aria-hidden': unnoticed('html-aria-hidden'),
  srcset: unnoticed('html-srcset'),
  picture: unnoticed('html-picture'),
  loading: unnoticed('html-loading-attribute'),
  abbr: unnoticed('html-abbr'),
} as const satisfies Readonly<Record<string, Noticed>>

export type UseKey = keyof typeof notices

/** The same, of one shape. */
export function noticeOf(key: UseKey): Noticed {
  return notices[key]
}
