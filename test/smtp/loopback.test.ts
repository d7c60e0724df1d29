import { expect, test } from 'vitest'
import { isLoopback } from '../../src/smtp/loopback.ts'

test('only this machine is loopback', () => {
  const here = ['localhost', 'mail.localhost', '127.0.0.1', '127.8.8.8', '::1', '0:0:0:0:0:0:0:1']
  const elsewhere = [
    '10.0.0.1',
    'mail.example.org',
    '::2',
    '1.127.0.0',
    'localhost.example.org',
    '127.1.evil.test',
  ]
  expect(here.map(isLoopback)).not.toContain(false)
  expect(elsewhere.map(isLoopback)).not.toContain(true)
})
