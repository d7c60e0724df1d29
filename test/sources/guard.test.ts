import { describe, expect, test } from 'vitest'
import { guardUrl, isPublicAddress, publicPorts, type GuardOptions } from '../../src/sources/guard.ts'

const strict: GuardOptions = {
  resolver: () => Promise.resolve(['93.184.215.14']),
  ports: publicPorts,
  allowPrivate: () => false,
}

describe('an address of the public internet', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.215.14',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:830::200e',
  ])('%s is one', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:db8::1',
    '2001:2::1',
    '3fff:fff::1',
    '100::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2606:4700::5efe:7f00:1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    'localhost',
    '',
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

describe('where a request may go', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://0/',
    'http://127.0.0.1./',
    'http://１２７.０.０.１/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127。0。0。1/',
    'http://%31%32%37.0.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.localhost/',
    'http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
    'http://printer/',
    'http://nas.local/',
    'http://metadata.google.internal/',
    'http://router.home.arpa/',
    'http://user@news.example/',
    'http://user:secret@news.example/',
    'http://news.example:22/',
    'http://news.example:8080/',
    'https://news.example:6379/',
    'ftp://news.example/',
    'file:///etc/passwd',
    'data:text/html,hello',
    'gopher://news.example/',
  ])('%s is blocked, and no name is looked up', async (text) => {
    let lookups = 0
    const result = await guardUrl(new URL(text), {
      ...strict,
      resolver: () => {
        lookups++
        return Promise.resolve(['127.0.0.1'])
      },
    })
    expect(result.kind).toBe('blocked')
    expect(lookups).toBe(0)
  })

  test('an address with a zone is no web address at all', () => {
    expect(URL.canParse('http://[fe80::1%25eth0]/')).toBe(false)
  })

  test.each([
    [['127.0.0.1']],
    [['93.184.215.14', '10.0.0.1']],
    [['93.184.215.14', '::1']],
    [['::ffff:127.0.0.1']],
    [['0.0.0.0']],
    [['fd00:ec2::254']],
  ])('a name with the answers %j is blocked', async (answers) => {
    const result = await guardUrl(new URL('http://news.example/'), {
      ...strict,
      resolver: () => Promise.resolve(answers),
    })
    expect(result.kind).toBe('blocked')
  })

  test('a public name leads to its addresses, with its name for Host and SNI', async () => {
    const result = await guardUrl(new URL('https://news.example./a?b#c'), strict)
    expect(result).toMatchObject({
      kind: 'allowed',
      destination: { addresses: ['93.184.215.14'], port: 443, host: 'news.example' },
    })
  })

  test('a name without an address is unknown', async () => {
    const resolver = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    const result = await guardUrl(new URL('http://gone.example/'), { ...strict, resolver })
    expect(result).toEqual({
      kind: 'unknown-host',
      message: 'The host gone.example has no address (ENOTFOUND).',
    })
    const none = await guardUrl(new URL('http://gone.example/'), {
      ...strict,
      resolver: () => Promise.resolve([]),
    })
    expect(none.kind).toBe('unknown-host')
  })
})
