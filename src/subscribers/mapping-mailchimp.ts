import { OnrecordError } from '../core/errors.ts'
import type { ForeignFile, Mapping } from './mapping.ts'

type Kind = 'subscribed' | 'unsubscribed' | 'cleaned'

/**
 * Mailchimp: Audience, Export: a zip of `subscribed_…`, `unsubscribed_…` and `cleaned_email_audience_export_….csv`
 * (before 2023 `…_segment_export_…`; some have `nonsubscribed_…`). The audience's own columns come first, then
 * `MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,…,LEID,EUID,NOTES,TAGS`; those that left have `UNSUB_TIME`, those
 * that bounced `CLEAN_TIME`. The names of its own columns are in the account's language.
 */
export const mailchimp: Mapping = {
  system: 'Mailchimp',
  signs: [
    ['MEMBER_RATING'],
    ['OPTIN_TIME', 'CONFIRM_TIME'],
    ['LEID', 'EUID'],
    ['UNSUB_TIME'],
    ['CLEAN_TIME'],
  ],
  open(file) {
    const kind = kindOf(file)
    const named = nameSays(file.name) !== null
    return {
      title: `Mailchimp’s export of ${kind} contacts`,
      fields: {
        address: [
          'Email Address',
          'Email',
          'Adresse e-mail',
          'E-Mail-Adresse',
          'Indirizzo email',
          'Correo electrónico',
        ],
        'first-name': ['First Name', 'FNAME', 'Prénom', 'Vorname', 'Nome', 'Nombre'],
        'last-name': ['Last Name', 'LNAME', 'Nom', 'Nachname', 'Cognome', 'Apellidos'],
        'consent-at': ['CONFIRM_TIME', 'OPTIN_TIME'],
        'asked-at': ['OPTIN_TIME'],
        'left-at': ['UNSUB_TIME', 'CLEAN_TIME'],
      },
      says: {
        UNSUB_TIME: 'state: “left”, who is never mailed',
        CLEAN_TIME: 'state: “suppressed”: the address bounced',
        Status: 'state: unsubscribed is “left”, cleaned is “suppressed”',
      },
      advice:
        kind === 'subscribed'
          ? 'Import the files unsubscribed_… and cleaned_… of the same export too: they keep those people off.'
          : null,
      decide(cell) {
        const status = cell('Status').toLowerCase()
        if (kind === 'cleaned' || status === 'cleaned') return { tier: null, state: 'suppressed' }
        if (kind === 'unsubscribed' || status === 'unsubscribed') return { tier: null, state: 'left' }
        if (/^(?:non-?subscribed|transactional|pending|archived)$/.test(status)) return notSubscribed
        const dated = cell('CONFIRM_TIME') !== '' || cell('OPTIN_TIME') !== ''
        // In a file that was renamed, only the dates tell who subscribed from who once bought something.
        if (!named && status === '' && !dated) return notSubscribed
        return { tier: null, state: 'confirmed' }
      },
    }
  },
}

const notSubscribed = 'At Mailchimp they were not subscribed.'

/** A cautious answer where name and columns do not agree: whoever may have left, has left. */
function kindOf(file: ForeignFile): Kind {
  const said = nameSays(file.name)
  if (said === 'other') {
    throw new OnrecordError('refused', 'These contacts never subscribed at Mailchimp: nobody is imported.', {
      hint: 'of its export, import the files subscribed_…, unsubscribed_… and cleaned_…',
    })
  }
  if (said !== null) return said
  if (file.has('CLEAN_TIME')) return 'cleaned'
  return file.has('UNSUB_TIME') ? 'unsubscribed' : 'subscribed'
}

function nameSays(name: string): Kind | 'other' | null {
  const [, word = ''] =
    /^(non-?subscribed|unsubscribed|subscribed|cleaned|archived|transactional|sms-?_?only)_/i.exec(name) ?? []
  switch (word.toLowerCase()) {
    case '':
      return null
    case 'subscribed':
    case 'unsubscribed':
    case 'cleaned':
      return word.toLowerCase() as Kind
    default:
      return 'other'
  }
}
