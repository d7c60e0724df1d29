// One worker of `pace.ts`: `<url> <messages a second> <milliseconds>`. Tells when each message began.
import { openPace } from '../src/store/postgres/pace.ts'
import { openPool } from '../src/store/postgres/pool.ts'
import { sendThrough } from '../test/delivery/paced.ts'

const [url = '', rate = '', milliseconds = ''] = process.argv.slice(2)
const pool = openPool(url, { connections: 2 })
const options = { server: 'smtp://bench', perSecond: Number(rate), domains: 100 }
const times = await sendThrough(openPace(pool), { ...options, milliseconds: Number(milliseconds) })
await pool.close()
// All of it is on its way before the channel is closed.
process.send?.(
  times.map((at) => performance.timeOrigin + at),
  () => process.disconnect(),
)
