/** `onrecord.yaml` of a new publication: valid as it stands, with placeholders that nobody can mistake. */
export function publicationText(timeZone: string): string {
  return `# What editors own. Change the names and addresses before the first send; the ones below are reserved examples.
name: My Brief
url: https://brief.example.org # where readers will reach the site; BASE_URL in .env overrides it
from: {name: My Brief, address: desk@brief.example.org}
replyTo: desk@brief.example.org
postalAddress: "1 Example Street, Example Town" # the law of most countries asks for a real one in every mail
timeZone: ${timeZone}
lang: en

newsletters:
  weekly:
    name: Weekly
    description: What happened this week, and how we know.
    template: weekly # the folder templates/weekly
    # cadence: {every: Friday, at: "07:00"} # when its issues go out; the next draft is opened by it

tiers: {subscriber: Subscriber, member: Member}

theme:
  accent: "#8a1c1c"
  font: serif # or sans

# Markdown, shown to readers. Say what is true of your desk.
policies:
  corrections: We correct mistakes in the brief itself, with the date and what it said before.
`
}

/** What is the publication's and never in git: these folders where the publication is, and no others of such a name. */
export const ignored = ['/data/', '/build/', '.env'] as const
