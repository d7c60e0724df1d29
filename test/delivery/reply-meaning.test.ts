import { expect, test } from 'vitest'
import { maskReply, replyCode, replyMeaning, withoutWords } from '../../src/delivery/reply-meaning.ts'

test.each([
  ['550-5.1.1 The email account that you tried to reach does not exist.', 'there is no such address'],
  [
    '550 5.7.26 Unauthenticated email from x is not accepted',
    'they cannot verify that we may send for this domain',
  ],
  ['421 4.7.28 Our system has detected an unusual rate', 'they find that we send too fast'],
  ['450 4.7.1 <a@b.example>: Greylisted for 300 seconds', 'they let every new sender wait first'],
  ['451 try again', 'their server has trouble'],
  ['452 4.2.2 Over quota', 'the mailbox is full'],
  ['550 5.7.1 Service unavailable; client host blocked using Spamhaus', 'they take us for a sender of spam'],
  ['550 5.7.1 not allowed', 'their rules do not let us in'],
  ['after 48 hours: 450 4.2.0 graylisted', 'they let every new sender wait first'],
  ['599 what', 'they refuse it'],
  ['the connection was closed', null],
  ['250 2.0.0 Ok', null],
  ['', null],
])('%s', (reply, meaning) => expect(replyMeaning(reply)).toBe(meaning))

test('replies are grouped by their codes, and our own words by themselves', () => {
  expect(replyCode('421-4.7.28 one')).toBe('421 4.7.28')
  expect(replyCode('550 no')).toBe('550')
  expect(replyCode('after 48 hours: 450 4.2.0 x')).toBe('450 4.2.0')
  expect(replyCode('the connection was closed')).toBe('the connection was closed')
})

test.each([
  ['550 5.1.1 <Ada.Stone@reader.example>: unknown', 'ada.stone@reader.example'],
  ['550 mailbox /var/mail/ada.stone is gone', 'ada.stone@reader.example'],
  ['550 <other.person@elsewhere.example>', 'ada.stone@reader.example'],
  ['550 ada.stone\r\n550 again ADA.STONE', 'ada.stone@reader.example'],
  ['550 a$^.*+(b unknown', 'a$^.*+(b@reader.example'],
  ['550 öl.müller@reader.example', 'öl.müller@reader.example'],
  ['550 anne-marie.stone! unknown', 'anne-marie.stone!@reader.example'],
])('a masked reply names nobody: %s', (reply, address) => {
  const masked = maskReply(reply, address)
  expect(masked).not.toMatch(/stone|person|müller|\(b|[\r\n]/i)
  expect(masked).toMatch(/^550 /)
})

test.each([
  [
    'the server cannot be reached: 421-4.7.28 ada.stone sends too fast',
    'the server cannot be reached: 421 4.7.28, they find that we send too fast',
  ],
  ['after 48 hours: 450 box ada.stone', 'after 48 hours: 450, the mailbox cannot be used now'],
  ['535', '535, the password for the server is wrong'],
  [
    'no message can be made: <ada.stone@reader.example> has no name',
    'no message can be made: <…@reader.example> has no name',
  ],
  ['connect ECONNREFUSED 127.0.0.1:465', 'connect ECONNREFUSED 127.0.0.1:465'],
  ['the hour’s 500 are used up', 'the hour’s 500 are used up'],
])('of a server’s words a log has the codes alone: %s', (text, logged) =>
  expect(withoutWords(text)).toBe(logged),
)
