import { setFlagsFromString } from 'node:v8'

/**
 * Keeps this process's memory small, for one that sends: called before most is loaded, for what has grown stays. What a
 * message takes is garbage soon, and V8 would let nearly 200 MB of it gather before it looks. Looking more
 * often takes some processor time.
 */
export function keepHeapSmall(): void {
  // Both are read at each growth; `--max-semi-space-size` only when the process starts.
  // The young generation stays at the few MB that it has now: it would become 128.
  setFlagsFromString('--semi-space-growth-factor=1')
  // The old one is collected once it has grown by so much, per cent: it would become three or four times as large.
  setFlagsFromString('--heap-growing-percent=60')
}
