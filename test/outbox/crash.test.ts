import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import { expect, test } from 'vitest'

const serverFile = join(import.meta.dirname, '..', '..', 'src', 'outbox', 'server.ts')

test('kill -9 while messages come in: every 250 has its whole file, and no file is half', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'onrecord-crash-'))
  const confirmed = new Set<number>()
  try {
    for (let round = 0; round < 3; round++) {
      const script = `
        const { startOutbox } = await import(${JSON.stringify(serverFile)})
        const { port } = await startOutbox({ dir: ${JSON.stringify(dir)} })
        process.stdout.write(port + '\\n')`
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)))
      const transport = nodemailer.createTransport({
        host: '127.0.0.1',
        port,
        pool: true,
        maxConnections: 5,
        ignoreTLS: true,
      })
      const sends = Promise.allSettled(
        Array.from({ length: 400 }, async (_, index) => {
          const number = round * 1000 + index
          await transport.sendMail({
            envelope: { from: 'a@b.example', to: 'c@d.example' },
            raw: message(number),
          })
          confirmed.add(number)
          if (confirmed.size === 60 * (round + 1)) child.kill('SIGKILL')
        }),
      )
      await ended
      transport.close()
      await sends
    }
    const files = (await readdir(dir)).filter((name) => name.endsWith('.eml'))
    const whole = new Map<number, number>()
    for (const name of files) {
      const bytes = await readFile(join(dir, name))
      const number = Number(/^Message-ID: <n(\d+)@/m.exec(bytes.toString('latin1'))?.[1])
      expect(bytes.equals(message(number))).toBe(true)
      whole.set(number, (whole.get(number) ?? 0) + 1)
    }
    expect(confirmed.size).toBeGreaterThanOrEqual(180)
    expect([...confirmed].filter((number) => whole.get(number) !== 1)).toEqual([])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 60_000)

function message(number: number): Buffer {
  const filler = createHash('sha512').update(String(number)).digest('hex')
  return Buffer.from(
    `Message-ID: <n${number}@brief.example.org>\r\nSubject: ${number}\r\n\r\n${`${filler}\r\n`.repeat(300)}`,
  )
}
