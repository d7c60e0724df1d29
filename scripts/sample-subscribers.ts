// Invented people for the demo: the same thousand on every machine, under names that can never be delivered to
// (RFC 2606: .example and .test are reserved).

const given =
  `Ada Amir Ana Anton Bea Boris Carla Chen Dana David Elif Emil Fatima Felix Gita Goran Hana Hugo Ines
Ivan Jana Jonas Karim Klara Leila Lucas Mara Marco Nadia Noor Olga Omar Petra Rafael Rosa Samir Sofia Tariq Uma
Zoë`.split(/\s+/)

const family =
  `Abela Ahmed Bauer Borg Costa Dubois Eriksen Farrugia Garcia Haddad Ito Jensen Khan Kowalska Larsen
Mifsud Moreau Novak O’Brien Okafor Pereira Petrov Rossi Schmidt Silva`.split(/\s+/)

const hosts = ['mail.example', 'post.example', 'letters.test', 'inbox.example', 'harbour.test']

/** A CSV of `count` people with the columns email, name and tier; every fifth is a member. */
export function sampleSubscribers(count: number): string {
  const rows = ['email,name,tier']
  for (let index = 0; index < count; index++) {
    const first = given[index % given.length] ?? ''
    const last = family[Math.floor(index / given.length) % family.length] ?? ''
    const local = `${first}.${last}`
      .normalize('NFD')
      .replace(/[^a-z.]/gi, '')
      .toLowerCase()
    const host = hosts[index % hosts.length]
    rows.push(
      `${local}${index < 1000 ? '' : index}@${host},${first} ${last},${index % 5 === 4 ? 'member' : 'subscriber'}`,
    )
  }
  return `${rows.join('\n')}\n`
}
