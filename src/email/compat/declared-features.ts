import type { Declaration } from './css.ts'
import { cssText } from './css-tokens.ts'
import type { UseKey } from './notices.ts'

/** What declarations use; those that stand together, so that a fallback before a newer form is seen. */
export function declaredFeatures(declarations: readonly Declaration[]): ReadonlySet<UseKey> {
  const used = new Set<UseKey>()
  const before = new Set<string>()
  for (const each of declarations) {
    const word = cssText(each.value).toLowerCase()
    if (each.property === 'opacity' || !plain.has(word)) {
      byName(each.property, word, used)
      // `color: #333; color: var(--ink)`: who does not know the second form keeps the first.
      if (!before.has(each.property)) byValue(each, used)
    }
    before.add(each.property)
  }
  return used
}

/** Values that ask for nothing. */
const plain: ReadonlySet<string> = new Set([
  'none',
  '0',
  '0px',
  'normal',
  'auto',
  'inherit',
  'initial',
  'unset',
])

const properties: ReadonlyMap<string, UseKey> = new Map<string, UseKey>([
  ['border-radius', 'radius'],
  ['border-top-left-radius', 'radius'],
  ['border-top-right-radius', 'radius'],
  ['border-bottom-left-radius', 'radius'],
  ['border-bottom-right-radius', 'radius'],
  ['border-start-start-radius', 'radius-logical'],
  ['border-start-end-radius', 'radius-logical'],
  ['border-end-start-radius', 'radius-logical'],
  ['border-end-end-radius', 'radius-logical'],
  ['box-shadow', 'box-shadow'],
  ['text-shadow', 'text-shadow'],
  ['grid-template', 'grid-template'],
  ['grid-template-columns', 'grid-template'],
  ['grid-template-rows', 'grid-template'],
  ['grid-template-areas', 'grid-template'],
  ['column-count', 'columns'],
  ['columns', 'columns'],
  ['float', 'float'],
  ['animation', 'animation'],
  ['animation-name', 'animation'],
  ['transform', 'transform'],
  ['filter', 'filter'],
  ['backdrop-filter', 'filter'],
  ['clip-path', 'clip-path'],
  ['mask-image', 'mask-image'],
  ['mix-blend-mode', 'blend-mode'],
  ['object-fit', 'object-fit'],
  ['aspect-ratio', 'aspect-ratio'],
  ['list-style-image', 'list-image'],
  ['text-emphasis', 'text-emphasis'],
  ['writing-mode', 'writing-mode'],
  ['caption-side', 'caption-side'],
  ['text-overflow', 'text-overflow'],
  ['color-scheme', 'color-scheme'],
  ['letter-spacing', 'letter-spacing'],
  ['word-spacing', 'word-spacing'],
  ['line-height', 'line-height'],
  ['overflow-wrap', 'overflow-wrap'],
  ['word-break', 'word-break'],
  ['hyphens', 'hyphens'],
  ['table-layout', 'table-layout'],
  ['outline', 'outline'],
  ['transition', 'transition'],
  ['cursor', 'cursor'],
  ['box-sizing', 'box-sizing'],
  ['max-height', 'max-height'],
  ['min-width', 'min-width'],
  ['orphans', 'orphans'],
  ['widows', 'widows'],
])

function byName(property: string, word: string, used: Set<UseKey>): void {
  const key = properties.get(property)
  if (key !== undefined) used.add(key)
  if (property === 'display') {
    if (word === 'flex' || word === 'inline-flex') used.add('flex')
    if (word === 'grid' || word === 'inline-grid') used.add('grid')
  }
  if (property === 'position') {
    if (word === 'absolute' || word === 'fixed' || word === 'sticky') used.add(`position-${word}`)
  }
  if (property === 'opacity') {
    const opacity = Number.parseFloat(word)
    if (opacity === 0) used.add('opacity-zero')
    else if (opacity < 1) used.add('opacity')
  }
  if (property === 'visibility' && word !== 'visible') used.add('visibility-hidden')
  if (property === 'margin' || property.startsWith('margin-')) {
    if (/(?:^|\s)-\.?\d/.test(word)) used.add('negative-margin')
  }
}

const functions: ReadonlyMap<string, UseKey> = new Map<string, UseKey>([
  ['calc', 'calc'],
  ['clamp', 'clamp'],
  ['min', 'min'],
  ['max', 'max'],
  ['var', 'variable'],
  ['light-dark', 'light-dark'],
  ['lab', 'modern-colour'],
  ['lch', 'modern-colour'],
  ['oklab', 'modern-colour'],
  ['oklch', 'modern-colour'],
  ['linear-gradient', 'linear-gradient'],
  ['repeating-linear-gradient', 'linear-gradient'],
  ['radial-gradient', 'radial-gradient'],
  ['repeating-radial-gradient', 'radial-gradient'],
  ['conic-gradient', 'conic-gradient'],
  ['repeating-conic-gradient', 'conic-gradient'],
])

const units: ReadonlyMap<string, UseKey> = new Map<string, UseKey>([
  ['rem', 'rem-unit'],
  ['vw', 'vw-unit'],
  ['vh', 'vh-unit'],
  ['ch', 'ch-unit'],
])

function byValue({ property, value }: Declaration, used: Set<UseKey>): void {
  value.forEach((token, at) => {
    if (token.kind === 'function') {
      const key = functions.get(token.text)
      if (key !== undefined) used.add(key)
      if (token.text === 'rgb' || token.text === 'rgba' || token.text === 'hsl' || token.text === 'hsla') {
        const next = value[at + 2]
        const isSpaced = next?.kind === 'space' && value[at + 3]?.kind === 'number'
        if (isSpaced) used.add('rgb-spaces')
        else if (token.text.endsWith('a')) used.add('rgba')
      }
    } else if (token.kind === 'number') {
      const unit = /[a-z]+$/.exec(token.text)?.[0] ?? ''
      if (property === 'font-size' && unit === 'rem') used.add('rem-size')
      const key = units.get(unit)
      if (key !== undefined && key !== 'rem-unit') used.add(key)
      if (key === 'rem-unit' && property !== 'font-size') used.add(key)
    } else if (token.kind === 'url' && (property === 'background' || property === 'background-image')) {
      used.add('background-image')
    }
  })
}
