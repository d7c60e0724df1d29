/** One table as it is moved: the same columns on both sides, but for what is said here. */
export interface MovedTable {
  readonly name: string
  /** The key, by which both sides are read in one order. */
  readonly key: string
  /** What stands in a column on PostgreSQL, as an expression on SQLite. */
  readonly made?: Readonly<Record<string, string>>
  /** Rows that are moved; default: all. */
  readonly where?: string
  /** Rows that are read at a time; default 5,000. */
  readonly portion?: number
}

/** Every table that is moved, those first to which others refer. */
export const movedTables: readonly MovedTable[] = [
  { name: 'subscriber', key: 'id' },
  { name: 'subscription', key: 'subscriber_id, newsletter' },
  { name: 'suppression', key: 'address_hash' },
  // SQLite alone has to cut its log off after an erasure.
  { name: 'mark', key: 'name', where: "name not in ('erased', 'moved')" },
  { name: 'consent', key: 'id' },
  { name: 'letter', key: 'id' },
  { name: 'one_time_token', key: 'hash' },
  { name: 'address_change', key: 'subscriber_id' },
  { name: 'former_address', key: 'address_hash, subscriber_id' },
  { name: 'session', key: 'id' },
  { name: 'attempt', key: 'kind, subject' },
  { name: 'edition', key: 'hash', portion: 50 },
  { name: 'published', key: 'issue, tier' },
  { name: 'round', key: 'id' },
  {
    name: 'delivery',
    key: 'id',
    made: {
      // What the migration of deliveries says of the two.
      next_at: "case when state = 'deferred' then next_at end",
      trouble_at: "case when state in ('rejected', 'unknown', 'bounced', 'complained') then updated_at end",
    },
  },
  { name: 'approval', key: 'id' },
  { name: 'source_tick', key: 'id' },
  { name: 'schedule', key: 'id' },
]

/**
 * Tables that are not: what the site lists and searches is taken from the editions again, the schema's steps are
 * each store's own, and `backup` stands in copies alone.
 */
export const leftTables = /^(site_\w+|source_place|correction|search_\w+|migration|backup\w*|sqlite_\w+)$/
