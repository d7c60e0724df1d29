import type { SourceKind } from './source.ts'

/** What is known of a page when its kind is guessed. */
interface KindClues {
  readonly publisher: string | null
  readonly url: string | null
  /** Schema.org `@type`, Open Graph `og:type`, a CSL or BibTeX type, or null. */
  readonly type: string | null
}

const byHost: readonly (readonly [SourceKind, RegExp])[] = [
  [
    'un',
    /(?:^|\.)(?:un\.org|unmissions\.org|unama\.unmissions\.org|who\.int|unhcr\.org|unicef\.org|iaea\.org|reliefweb\.int|ohchr\.org|undp\.org|wfp\.org)$/u,
  ],
  [
    'wire',
    /(?:^|\.)(?:reuters\.com|apnews\.com|ap\.org|afp\.com|dpa\.com|ansa\.it|efe\.com|tass\.com|xinhuanet\.com|aa\.com\.tr|pti\.in|kyodonews\.net)$/u,
  ],
  [
    'official',
    /(?:^|\.)(?:gov|mil|gouv|gob|govt|europa)(?:\.[a-z]{2,3})?$|(?:^|\.)(?:gc\.ca|admin\.ch|bund\.de|europa\.eu|nato\.int)$/u,
  ],
  [
    'social',
    /(?:^|\.)(?:x\.com|twitter\.com|facebook\.com|instagram\.com|t\.me|telegram\.me|tiktok\.com|youtube\.com|youtu\.be|bsky\.app|linkedin\.com|reddit\.com|threads\.net|mastodon\.social)$/u,
  ],
  [
    'dataset',
    /(?:^|\.)(?:zenodo\.org|figshare\.com|data\.[a-z0-9-]+\.[a-z]+|acleddata\.com|kaggle\.com|dataverse\.org|ourworldindata\.org|humdata\.org)$/u,
  ],
  [
    'paper',
    /(?:^|\.)(?:doi\.org|arxiv\.org|ssrn\.com|jstor\.org|nature\.com|science\.org|sciencedirect\.com|springer\.com|wiley\.com|tandfonline\.com|nejm\.org|thelancet\.com|pubmed\.ncbi\.nlm\.nih\.gov)$/u,
  ],
  [
    'broadcaster',
    /(?:^|\.)(?:bbc\.co\.uk|bbc\.com|aljazeera\.com|aljazeera\.net|cnn\.com|npr\.org|pbs\.org|dw\.com|france24\.com|rfi\.fr|rferl\.org|voanews\.com|channelnewsasia\.com|nhk\.or\.jp|abc\.net\.au|cbc\.ca|geo\.tv|arynews\.tv|euronews\.com|sky\.com|tolonews\.com|foxnews\.com|nbcnews\.com|cbsnews\.com)$|\.tv$|\.fm$/u,
  ],
  [
    'thinktank',
    /(?:^|\.)(?:crisisgroup\.org|brookings\.edu|chathamhouse\.org|csis\.org|carnegieendowment\.org|rand\.org|iiss\.org|rusi\.org|sipri\.org|cfr\.org|wilsoncenter\.org|atlanticcouncil\.org|stimson\.org|usip\.org|afghanistan-analysts\.org|orfonline\.org|ecfr\.eu|bruegel\.org)$/u,
  ],
  ['reference', /(?:^|\.)(?:wikipedia\.org|wikidata\.org|britannica\.com|merriam-webster\.com)$/u],
]

const byPublisher: readonly (readonly [SourceKind, RegExp])[] = [
  ['un', /\b(?:united nations|unama|unhcr|unicef|ocha|security council|world health organi[sz]ation)\b/iu],
  [
    'wire',
    /^(?:reuters|associated press|ap|afp|agence france-presse|dpa|ansa|efe|tass|xinhua|anadolu|pti|ani|kyodo)\b/iu,
  ],
  [
    'official',
    /\b(?:ministry|ministère|ministerio|government|governorate|embassy|parliament|senate|congress|white house|police|army|armed forces|council of|commission|central bank|department of|office of the)\b/iu,
  ],
  [
    'thinktank',
    /\b(?:crisis group|think tank|institute|institution|foundation|endowment|centre for|center for|policy|analysts network)\b/iu,
  ],
  ['broadcaster', /\b(?:tv|television|radio|broadcasting|bbc|cnn|al jazeera|npr)\b/iu],
  ['paper', /\b(?:journal of|proceedings|university press|review of)\b/iu],
  [
    'newspaper',
    /\b(?:times|post|herald|tribune|gazette|guardian|news|daily|chronicle|observer|dawn|le monde|zeitung|mail|express|telegraph|courier|standard|dispatch|examiner|star|sun|mirror|independent)\b/iu,
  ],
]

const byType: readonly (readonly [SourceKind, RegExp])[] = [
  [
    'newspaper',
    /^(?:(?:.*\s)?newsarticle|reportagenewsarticle|analysisnewsarticle|opinionnewsarticle|article-newspaper|article-magazine|newspaper|newspaper-article)$/iu,
  ],
  [
    'paper',
    /^(?:scholarlyarticle|medicalscholarlyarticle|article-journal|paper-conference|article|inproceedings|conference|incollection|phdthesis|mastersthesis|thesis|unpublished)$/iu,
  ],
  ['dataset', /^(?:dataset|datacatalog)$/iu],
  ['interview', /^interview$/iu],
  ['social', /^(?:socialmediaposting|post|post-weblog|discussionforumposting)$/iu],
  ['broadcaster', /^(?:broadcast|videoobject|motion_picture|video\.other|radioepisode|tvepisode)$/iu],
  ['official', /^(?:governmentorganization|legislation|bill|legal_case|regulation|treaty|hearing)$/iu],
]

/**
 * The kind of a source as far as a table of hosts, publishers and types tells it, or null: then a
 * person must say. The host knows best, the publisher's name next, what the page says of itself last.
 */
export function guessKind({ publisher, url, type }: KindClues): SourceKind | null {
  const host = url !== null && URL.canParse(url) ? new URL(url).hostname.replace(/\.$/u, '') : ''
  return (
    (host === '' ? null : firstMatch(byHost, host)) ??
    (type === null ? null : firstMatch(byType.slice(1), type)) ??
    (publisher === null ? null : firstMatch(byPublisher, publisher)) ??
    (type === null ? null : firstMatch(byType, type))
  )
}

function firstMatch(table: readonly (readonly [SourceKind, RegExp])[], text: string): SourceKind | null {
  return table.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}
