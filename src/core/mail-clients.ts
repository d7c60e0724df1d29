/**
 * The mail programs that mail is looked at for: caniemail's families and platforms, with the name that a
 * person knows. `mobile`: read on a phone, where a narrow layout matters.
 */
export const mailClients = {
  'gmail-web': client('gmail', 'desktop-webmail', 'Gmail on the web'),
  'gmail-ios': client('gmail', 'ios', 'Gmail on iOS', true),
  'gmail-android': client('gmail', 'android', 'Gmail on Android', true),
  'gmail-mobile-web': client('gmail', 'mobile-webmail', 'Gmail in a phone’s browser', true),
  'apple-mail-macos': client('apple-mail', 'macos', 'Apple Mail on macOS'),
  'apple-mail-ios': client('apple-mail', 'ios', 'Apple Mail on iOS', true),
  'outlook-windows': client('outlook', 'windows', 'classic Outlook on Windows'),
  'outlook-macos': client('outlook', 'macos', 'Outlook on macOS'),
  'outlook-web': client('outlook', 'outlook-com', 'Outlook on the web'),
  'outlook-ios': client('outlook', 'ios', 'Outlook on iOS', true),
  'outlook-android': client('outlook', 'android', 'Outlook on Android', true),
  'yahoo-web': client('yahoo', 'desktop-webmail', 'Yahoo on the web'),
  'yahoo-ios': client('yahoo', 'ios', 'Yahoo on iOS', true),
  'yahoo-android': client('yahoo', 'android', 'Yahoo on Android', true),
  'aol-web': client('aol', 'desktop-webmail', 'AOL on the web'),
  'samsung-email': client('samsung-email', 'android', 'Samsung Email', true),
  thunderbird: client('thunderbird', 'macos', 'Thunderbird'),
  'proton-web': client('protonmail', 'desktop-webmail', 'Proton Mail on the web'),
  'proton-ios': client('protonmail', 'ios', 'Proton Mail on iOS', true),
  'proton-android': client('protonmail', 'android', 'Proton Mail on Android', true),
  'fastmail-web': client('fastmail', 'desktop-webmail', 'Fastmail'),
  'hey-web': client('hey', 'desktop-webmail', 'HEY'),
  'gmx-web': client('gmx', 'desktop-webmail', 'GMX on the web'),
  'gmx-ios': client('gmx', 'ios', 'GMX on iOS', true),
  'gmx-android': client('gmx', 'android', 'GMX on Android', true),
  'web-de-web': client('web-de', 'desktop-webmail', 'WEB.DE on the web'),
  'web-de-ios': client('web-de', 'ios', 'WEB.DE on iOS', true),
  'web-de-android': client('web-de', 'android', 'WEB.DE on Android', true),
  'orange-web': client('orange', 'desktop-webmail', 'Orange on the web'),
  'laposte-web': client('laposte', 'desktop-webmail', 'LaPoste.net'),
  'mail-ru-web': client('mail-ru', 'desktop-webmail', 'Mail.ru on the web'),
} as const satisfies Readonly<Record<string, MailClient>>

export interface MailClient {
  /** As caniemail's data names them. */
  readonly family: string
  readonly platform: string
  readonly name: string
  readonly mobile: boolean
}

export type MailClientId = keyof typeof mailClients

export const mailClientIds: readonly MailClientId[] = Object.keys(mailClients).filter(
  (id): id is MailClientId => Object.hasOwn(mailClients, id),
)

/** What nearly all readers of a newsletter use, where `onrecord.yaml` names none. */
export const usualMailClients: readonly MailClientId[] = [
  'gmail-web',
  'gmail-ios',
  'gmail-android',
  'apple-mail-macos',
  'apple-mail-ios',
  'outlook-windows',
  'outlook-macos',
  'outlook-web',
  'outlook-ios',
  'outlook-android',
  'yahoo-web',
  'yahoo-ios',
  'yahoo-android',
  'samsung-email',
  'thunderbird',
]

function client(family: string, platform: string, name: string, mobile = false): MailClient {
  return { family, platform, name, mobile }
}
