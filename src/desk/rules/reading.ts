import { readingRule, type ReadingRule } from '../rule.ts'

const plain = 'The gates closed at noon [@daily].'

/** The rules that reading applies before the desk does: about waivers, frontmatter, fences, links and pictures. */
export const readingRules: readonly ReadingRule[] = [
  readingRule('DC705', {
    why:
      'A waiver is published with its reason. One without a reason is a rule switched off; one that matches nothing ' +
      'has outlived what it was for.',
    bad: { brief: `<!-- desk-ok DC203: -->\n\n${plain}` },
    good: {
      brief: `${plain}\n\n<!-- desk-ok DC203: read out in council, the minutes follow in December -->\n\n“We had no choice but to close them,” the master said.`,
    },
  }),
  readingRule('DC801', {
    why: 'Without its title, standfirst and date a brief cannot be listed, dated or found again.',
    bad: { brief: plain, front: 'date: tomorrow' },
    good: { brief: plain, front: 'date: 2025-11-10' },
  }),
  readingRule('DC802', {
    why: 'A misspelt key does nothing, and nobody notices: “acces: member” would publish what members pay for.',
    bad: { brief: plain, front: 'acces: member' },
    good: { brief: plain, front: 'access: member' },
  }),
  readingRule('DC803', {
    why: 'A directive that does not exist would come out as plain text, or not at all.',
    bad: { brief: `:::notes\n${plain}\n:::` },
    good: { brief: `:::note\n${plain}\n:::` },
  }),
  readingRule('DC804', {
    why: 'A fence that is almost right could turn members’ words public. The gate fails closed.',
    bad: { brief: `::: members\n${plain}\n:::` },
    good: { brief: `:::members{teaser="Why the gates closed"}\n${plain}\n:::` },
  }),
  readingRule('DC805', {
    why: 'HTML would look one way in one mail program and not at all in the next; the format has a directive for it.',
    bad: { brief: `${plain}\n\n<div>It rained.</div>` },
    good: { brief: plain },
  }),
  readingRule('DC806', {
    why: 'Who listens to a brief finds a section by its headings, and a level that is missing looks like a lost part.',
    bad: { brief: `## The gates\n\n#### At noon\n\n${plain}` },
    good: { brief: `## The gates\n\n### At noon\n\n${plain}` },
  }),
  readingRule('DC807', {
    why: 'Who does not see the picture, and every mail program that shows none, has the words beside it alone.',
    bad: { brief: `${plain}\n\n![](images/gates.png)` },
    good: { brief: `${plain}\n\n![Both gates, shut](images/gates.png)` },
  }),
  readingRule('DC808', {
    why: 'Telephones cut a subject off after about 60 characters, and lists a standfirst after two lines.',
    bad: { brief: plain, front: `title: What the harbour did, ${'and then, '.repeat(8)}did not do` },
    good: {
      brief: plain,
      front: 'title: What the harbour did and did not do',
    },
  }),
  readingRule('DC809', {
    why: 'A picture that is missing leaves a hole; one of 5 MB keeps the mail from being opened on a train.',
    bad: null,
    good: null,
  }),
  readingRule('DC810', {
    why: 'A bracket that is almost a citation would be printed as it stands, and the sentence would rest on nothing.',
    bad: { brief: `${plain} They opened at one [@daily; echo].` },
    good: { brief: `${plain} They opened at one [@daily, p. 4].` },
  }),
  readingRule('DC811', {
    why: 'A link must be one that a reader can follow without harm: http, https or mailto.',
    bad: { brief: `${plain} See [the log](javascript:log).` },
    good: { brief: `${plain} See [the log](https://log.example.org/).` },
  }),
  readingRule('DC812', {
    why: 'A directive shows what it is made for; anything else inside it would be lost.',
    bad: { brief: `${plain}\n\n:::figures\nThe gates are shut.\n:::` },
    good: { brief: `${plain}\n\n:::figures\n- **2** gates shut [@daily]\n:::` },
  }),
  readingRule('DC813', {
    why: 'Gmail cuts a mail off after 102 KB, and with it the list of sources.',
    bad: null,
    good: null,
  }),
  readingRule('DC814', {
    why: 'The words of the brief and those of the edition are compared: what a template drops is found before the reader.',
    bad: null,
    good: null,
  }),
  readingRule('DC815', {
    why: 'A file that is not UTF-8 text, too large, or a link that leads elsewhere is not guessed at.',
    bad: null,
    good: null,
  }),
  readingRule('DC816', {
    why: 'A template that does not compile makes no mail; its own file and line are named.',
    bad: null,
    good: null,
  }),
  readingRule('DC817', {
    why: 'A new brief is written with lines that say what belongs there; readers must never get them.',
    bad: null,
    good: null,
  }),
]
