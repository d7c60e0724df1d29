import type { ImportRow } from './merge.ts'
import type { SubscriberTier } from './subscriber.ts'

/** What a cell says of a tier, in lower case. */
export const tierWords: ReadonlyMap<string, SubscriberTier> = words({
  subscriber: ['subscriber', 'free', 'kostenlos', 'gratis', 'gratuit', 'gratuito', 'abonnent', 'basic'],
  member: [
    ...['member', 'paid', 'paying', 'premium', 'mitglied', 'bezahlt', 'membre', 'payant'],
    ...['miembro', 'pago', 'membro', 'socio', 'lid', 'betaald', 'supporter'],
  ],
})

/** What a cell says of a state, in lower case. */
export const stateWords: ReadonlyMap<string, NonNullable<ImportRow['state']>> = words({
  confirmed: [
    ...[
      'confirmed',
      'subscribed',
      'active',
      'enabled',
      'aktiv',
      'bestätigt',
      'angemeldet',
      'actif',
      'abonné',
    ],
    ...['activo', 'suscrito', 'attivo', 'iscritto', 'actief', 'aangemeld', 'ativo', 'inscrito'],
  ],
  pending: ['pending', 'unconfirmed', 'unbestätigt', 'ausstehend', 'en attente', 'pendiente', 'pendente'],
  left: [
    ...['left', 'unsubscribed', 'opted out', 'archived', 'inactive', 'inaktiv', 'abgemeldet', 'désabonné'],
    ...['désinscrit', 'inactif', 'inactivo', 'dado de baja', 'disiscritto', 'inattivo', 'afgemeld'],
    ...['uitgeschreven', 'inactief', 'inativo', 'cancelado'],
  ],
  paused: ['paused'],
  suppressed: ['suppressed', 'cleaned', 'bounced', 'complained', 'spam', 'blocklisted', 'gesperrt'],
})

function words<T extends string>(of: Readonly<Record<T, readonly string[]>>): ReadonlyMap<string, T> {
  const entries = Object.entries(of) as [T, readonly string[]][]
  return new Map(entries.flatMap(([value, known]) => known.map((each) => [each, value] as const)))
}
