import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Notice } from '../parts/notice.tsx'

/** A screen in a chunk of its own, loaded when it is first shown. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  let loading: Promise<void> | null = null
  const start = (): Promise<void> =>
    (loading ??= load().then(
      (screen) => {
        loaded = screen
      },
      (error: unknown) => {
        loading = null
        throw error
      },
    ))
  return (props) => {
    const [, show] = useState(0)
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      if (loaded !== null) return
      start().then(
        () => show((turn) => turn + 1),
        () => setFailed(true),
      )
    }, [])
    if (failed) return <Notice tone="error">This screen could not be loaded. Load the page again.</Notice>
    if (loaded === null) return <p class="loading">Loading …</p>
    const Screen = loaded
    return <Screen {...props} />
  }
}
