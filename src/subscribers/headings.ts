import { readDate } from './import-date.ts'
import { plainName, type Field } from './mapping.ts'
import { tierWords } from './row-words.ts'

/**
 * The usual headings of each field where a file is of no known system, as `plainName` writes them: English, German,
 * French, Spanish, Italian, Dutch, Portuguese; the likeliest first. A name in one piece comes after names in two, and
 * a “Nom”, “Nome” or “Naam” alone is a whole one all the same.
 */
const certain: Readonly<Record<Field, readonly string[]>> = {
  address: [
    ...['email', 'emailaddress', 'emailadresse', 'mailadresse', 'adresseemail', 'adressemail'],
    ...['adresseelectronique', 'courriel', 'correoelectronico', 'correo', 'direcciondecorreo'],
    ...['indirizzoemail', 'postaelettronica', 'emailadres', 'enderecodeemail', 'mail', 'address'],
  ],
  name: ['name', 'fullname', 'displayname', 'vollstandigername', 'nomcomplet', 'nombrecompleto'].concat([
    'nomecompleto',
    'volledigenaam',
  ]),
  'first-name': ['firstname', 'givenname', 'forename', 'fname', 'vorname', 'prenom', 'nombre', 'nome'].concat(
    ['voornaam', 'primeironome', 'rufname'],
  ),
  'last-name': ['lastname', 'familyname', 'surname', 'lname', 'nachname', 'familienname', 'zuname']
    .concat(['nomdefamille', 'nom', 'apellidos', 'apellido', 'cognome', 'achternaam', 'naam'])
    .concat(['sobrenome', 'apelido']),
  tier: ['tier', 'plan', 'membership'],
  state: ['state', 'status', 'subscriptionstate', 'subscriptionstatus', 'statut', 'estado', 'stato'].concat([
    'abostatus',
    'anmeldestatus',
  ]),
  newsletter: ['newsletter'],
  'consent-at': ['consentat', 'consentedat', 'subscribedat', 'confirmedat', 'optintime'],
  'consent-source': ['consentsource', 'source'],
  'asked-at': ['askedat'],
  'left-at': ['leftat', 'unsubscribedat', 'abgemeldetam', 'austrittsdatum', 'datededesinscription'].concat([
    'fechadebaja',
    'datadisiscrizione',
    'uitgeschrevenop',
  ]),
  'suppressed-for': ['suppressedfor'],
}

/** Headings that may mean something else too: the cells below must all bear it out. */
const likely: Readonly<Partial<Record<Field, readonly string[]>>> = {
  tier: [
    ...['segment', 'segmente', 'gruppe', 'group', 'stufe', 'abo', 'abonnement', 'mitgliedschaft', 'tarif'],
    ...['groupe', 'adhesion', 'formule', 'grupo', 'suscripcion', 'membresia', 'gruppo', 'abbonamento'],
    ...['piano', 'groep', 'lidmaatschap', 'assinatura', 'plano', 'type', 'level', 'subscription'],
  ],
  'consent-at': [
    ...['signedup', 'signedupat', 'signupdate', 'signup', 'joined', 'joinedat', 'joindate', 'datejoined'],
    ...['subscribed', 'subscribedon', 'subscribeddate', 'subscriptiondate', 'optin', 'optindate'],
    ...['confirmed', 'confirmedon', 'consent', 'consentdate'],
    ...['angemeldetam', 'angemeldet', 'anmeldedatum', 'anmeldung', 'eingetragenam', 'bestatigtam'],
    ...['registriertam', 'optindatum', 'einwilligung', 'datedinscription', 'dateinscription', 'inscritle'],
    ...['dateabonnement', 'datedabonnement', 'fechadealta', 'fechadesuscripcion', 'fechadeinscripcion'],
    ...['suscritoel', 'alta', 'datadiiscrizione', 'dataiscrizione', 'iscrittoil', 'inschrijfdatum'],
    ...['aangemeldop', 'aanmelddatum', 'ingeschrevenop', 'datadeinscricao', 'datainscricao', 'inscritoem'],
  ],
}

/** A heading without accents, so that “Prénom” is known however it is typed. */
function bare(column: string): string {
  return plainName(column.normalize('NFD').replace(/\p{M}/gu, '')).replaceAll('ß', 'ss')
}

/**
 * The columns of a file of no known system that a field is likely in, the likeliest first.
 * @param rows the first rows below the headings
 */
export function guessColumns(
  field: Field,
  names: readonly string[],
  rows: readonly (readonly string[])[],
): readonly number[] {
  const plain = names.map(bare)
  const placesOf = (known: readonly string[] = []): readonly number[] =>
    known.flatMap((each) => (plain.includes(each) ? [plain.indexOf(each)] : []))
  const isBorneOut = (place: number): boolean => {
    const cells = rows.map((row) => (row[place] ?? '').trim()).filter((cell) => cell !== '')
    return cells.length > 0 && cells.every((cell) => fits(field, cell))
  }
  return [...placesOf(certain[field]), ...placesOf(likely[field]).filter(isBorneOut)]
}

function fits(field: Field, cell: string): boolean {
  return field === 'tier' ? tierWords.has(cell.toLowerCase()) : readDate(cell) !== 'unreadable'
}
