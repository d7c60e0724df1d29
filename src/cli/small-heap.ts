import { setFlagsFromString } from 'node:v8'

/**
 * Keeps this process's memory small, for one that sends: called before most is loaded, for what has grown stays. What a
 * message takes is garbage at once, and V8 would grow its young generation to 128 MB and fill it before it looks.
 * So it stays at the few MB it has now, collected more often for the same work: nearly nothing in it lives on.
 */
export function keepHeapSmall(): void {
  // It is read at each growth; `--max-semi-space-size` only when the process starts.
  setFlagsFromString('--semi-space-growth-factor=1')
}
