import { useEffect, useRef } from 'preact/hooks'
import { lettersAreOn, takesText } from '../../shell/typing.ts'

/** `n` and `p` lead to the next and the previous change, outside of text fields and where keys are not switched off. */
export function useChangeKeys(onStep: (by: 1 | -1) => void): void {
  const latest = useRef(onStep)
  latest.current = onStep
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target, key, ctrlKey, metaKey, altKey, defaultPrevented } = event
      // The second key of a pair that leads to a screen (`shell/keys.tsx`) is prevented by then.
      if (ctrlKey || metaKey || altKey || defaultPrevented || !lettersAreOn() || takesText(target)) return
      if (document.querySelector('dialog[open]') !== null) return
      if (key === 'n') latest.current(1)
      if (key === 'p') latest.current(-1)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
