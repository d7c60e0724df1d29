import type { Tokens } from '../../src/core/token.ts'
import type { Postgres } from '../../src/store/postgres/pool.ts'
import { addressHash } from '../../src/subscribers/address.ts'

/** `count` people who have confirmed, every fifth of them a member, as an import leaves them. */
export async function fillPeople(database: Postgres, tokens: Tokens, count: number): Promise<void> {
  await database.script(`
    insert into subscriber (public_id, address, address_key, address_hash, name, tier, created_at, updated_at)
    select substr(w.hash, 1, 22), w.address, w.address, w.hash, 'Reader ' || w.g,
      case when w.g % 5 = 4 then 'member' else 'subscriber' end, 0, 0
    from (
      select g, 'reader.' || g || '@' || (array['mail.example', 'post.example', 'letters.test', 'inbox.example',
        'harbour.test'])[g % 5 + 1] as address, encode(sha256(g::text::bytea), 'hex') as hash
      from generate_series(1, ${count}) g) w;
    insert into subscription (subscriber_id, newsletter, state, consent_source)
    select id, 'weekly', 'confirmed', 'bench' from subscriber`)
  // By one of them it is known whether the key is still the same.
  const known = 'reader.1@post.example'
  await database.run('update subscriber set address_hash = $1 where address_key = $2', [
    addressHash(tokens, known),
    known,
  ])
  await database.script('vacuum analyze subscriber, subscription')
}

/** So many issues that everybody got before. */
export async function fillIssues(database: Postgres, count: number): Promise<void> {
  await database.script(`
    insert into round (issue, newsletter, kind, number, state, total, transport, settings, editions, started_at, finished_at)
    select 'former-' || g, 'weekly', 'real', 1, 'done', (select count(*) from subscriber), 'smtp://nowhere', '{}',
      '{"subscriber":"s","member":"m"}', g, g + 1
    from generate_series(1, ${count}) g;
    insert into delivery (round_id, subscriber_id, tier, address, name, state, message_id, attempts, first_attempt_at,
      reply, accepted_at, updated_at)
    select r.id, s.id, s.tier, s.address, s.name, 'accepted', r.id || '.' || s.id || '.0123456789abcdef@brief.example.org',
      1, 1, '250 2.0.0 taken', 1, 1
    from round r cross join subscriber s order by r.id, s.id;
    insert into slice (round_id, first_id, last_id, token, tally, changed_at, begun)
    select d.round_id, min(d.id), max(d.id), 1, jsonb_build_object('accepted', count(*)), 1,
      jsonb_build_object('0', jsonb_build_array(count(*), count(*)))
    from delivery d group by d.round_id, (d.id / 500)`)
  await database.script('vacuum analyze delivery')
  await database.script('analyze')
}
