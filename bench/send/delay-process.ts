// A wire of a certain length: `<target port> <round trip in ms>`. Tells its own port to its parent. Nothing is slowed
// but delayed: what arrives is read at once, and written when half a round trip has passed.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

const [target = 0, roundTrip = 0] = process.argv.slice(2).map(Number)
const delay = roundTrip / 2

const server = createServer({ noDelay: true }, (near) => {
  const far = connect({ port: target, host: '127.0.0.1', noDelay: true })
  pass(near, far)
  pass(far, near)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
// The bench that started it has ended.
process.on('disconnect', () => process.exit(0))

function pass(from: Socket, to: Socket): void {
  const waiting: { readonly due: number; readonly chunk: Buffer | null }[] = []
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    timer = null
    for (;;) {
      const [first] = waiting
      if (first === undefined) return
      const wait = first.due - performance.now()
      // A timer comes up to a millisecond late, so that it is set for a little earlier.
      if (wait > 0.8) {
        timer = setTimeout(flush, wait - 0.8)
        return
      }
      waiting.shift()
      if (first.chunk === null) to.end()
      else to.write(first.chunk)
    }
  }
  const hold = (chunk: Buffer | null): void => {
    waiting.push({ due: performance.now() + delay, chunk })
    timer ??= setTimeout(flush, Math.max(1, delay - 0.8))
  }
  from.on('data', hold)
  from.on('end', () => hold(null))
  from.on('error', () => to.destroy())
}
