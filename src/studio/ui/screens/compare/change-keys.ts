import { useEffect, useRef } from 'preact/hooks'
import { lettersAreOn, takesText } from '../../shell/typing.ts'

/** How long after `g` a key is the second of a pair (`shell/keys.tsx`), in milliseconds. */
const SECOND_KEY_MS = 1_500

/** `n` and `p` lead to the next and the previous change, outside of text fields and where keys are not switched off. */
export function useChangeKeys(onStep: (by: 1 | -1) => void): void {
  const latest = useRef(onStep)
  latest.current = onStep
  useEffect(() => {
    let afterG = 0
    const onKey = (event: KeyboardEvent): void => {
      const { target, key, ctrlKey, metaKey, altKey, defaultPrevented } = event
      if (ctrlKey || metaKey || altKey || defaultPrevented || !lettersAreOn() || takesText(target)) return
      const isSecond = Date.now() - afterG < SECOND_KEY_MS
      afterG = key === 'g' ? Date.now() : 0
      if (isSecond || document.querySelector('dialog[open]') !== null) return
      if (key === 'n') latest.current(1)
      if (key === 'p') latest.current(-1)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
