import { useRef } from 'preact/hooks'
import { narrowest, widest, widthWithin } from './view-choice.ts'

/** The right edge of the picture, drawn by the pointer or by arrow keys. It stands in the middle, so that an edge goes half as far. */
export function WidthHandle({
  width,
  scale,
  onWidth,
}: {
  readonly width: number
  readonly scale: number
  readonly onWidth: (width: number) => void
}) {
  const from = useRef<{ readonly x: number; readonly width: number } | null>(null)
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 10,
    ArrowUp: 10,
    ArrowLeft: -10,
    ArrowDown: -10,
    PageUp: 100,
    PageDown: -100,
  }
  return (
    <div
      class="preview-handle"
      role="slider"
      tabIndex={0}
      aria-label="Width of the reader’s window"
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuenow={width}
      aria-valuetext={`${width} pixels`}
      onKeyDown={(event) => {
        const step = steps[event.key]
        const edge = { Home: narrowest, End: widest }[event.key]
        if (step === undefined && edge === undefined) return
        event.preventDefault()
        onWidth(edge ?? widthWithin(width + (event.shiftKey ? Math.sign(step ?? 0) : (step ?? 0))))
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        from.current = { x: event.clientX, width }
      }}
      onPointerMove={(event) => {
        const start = from.current
        if (start !== null) onWidth(widthWithin(start.width + ((event.clientX - start.x) * 2) / scale))
      }}
      onPointerUp={() => {
        from.current = null
      }}
      onPointerCancel={() => {
        from.current = null
      }}
    />
  )
}
