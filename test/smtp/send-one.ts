import { openSmtpClient } from '../../src/smtp/client.ts'
import { optionsFor, wireMessage } from './wire.ts'

// A process of its own: what NODE_EXTRA_CA_CERTS names is read when Node starts.
const transport = openSmtpClient(
  optionsFor(Number(process.argv[2]), { secure: true, timeouts: { reply: 5_000, quit: 50 } }),
)
process.stdout.write(JSON.stringify(await transport.send(wireMessage())))
await transport.close()
