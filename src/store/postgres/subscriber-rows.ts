/** Selects what `readSubscriber` of src/store/subscriber-rows.ts reads; conditions, order and limit follow it. */
export const selectSubscriber = `
select s.id, s.public_id, s.address, s.name, s.tier, s.erased_at, s.created_at, s.updated_at,
  x.reason as suppression_reason, x.note as suppression_note, x.created_at as suppression_at,
  (select coalesce(json_agg(json_build_object('newsletter', n.newsletter, 'state', n.state,
      'consentAt', n.consent_at, 'consentSource', n.consent_source, 'leftAt', n.left_at,
      'pausedUntil', case n.state when 'paused' then n.paused_until end) order by n.newsletter), '[]')
    from subscription n where n.subscriber_id = s.id) as subscriptions
from subscriber s
left join suppression x on x.address_hash = s.address_hash`
