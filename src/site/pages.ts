import { createHash } from 'node:crypto'
import { consentWords, type Publication } from '../core/publication.ts'
import type { Finding } from '../core/finding.ts'
import { version as programVersion } from '../core/version.ts'
import { TemplateError, type Template } from '../render/template.ts'
import { themeView } from '../render/view.ts'
import type { Reader } from './env.ts'
import type { Frame, PageHead, PageName, PageViews, SignUpForm } from './views.ts'

/** Writes the site's pages by the looks of `templates/`. */
export interface Pages {
  /** The same for every reader of a tier, signed in or not: what is of one person is in `view` alone. */
  render<P extends PageName>(
    page: P,
    head: PageHead,
    view: PageViews[P],
    reader: Pick<Reader, 'tier' | 'signedIn'>,
  ): string
  /** Style sheets and scripts by the name under `/assets/`, which is a hash of the content. */
  readonly assets: ReadonlyMap<string, Asset>
  /** Of all looks, of what the publication says of itself, and of the program’s version: part of every ETag. */
  readonly hash: string
}

export interface Asset {
  readonly mediaType: string
  readonly text: string
}

export interface PagesOptions {
  /** Of the program: another may write pages and feeds differently. Default: that of package.json. */
  readonly version?: string
  readonly publication: Publication
  readonly baseUrl: string
  /** By the newsletter's key. */
  readonly looks: ReadonlyMap<string, Template>
  /** The look that comes with the program: it has every page. */
  readonly builtIn: Template
  /** Told when a look's page fails as it is written; the reader then gets the one that comes with the program. */
  readonly onFault?: (fault: Finding) => void
}

/** The looks, their style sheets and scripts, compiled once. */
export function openPages({
  publication,
  baseUrl,
  looks,
  builtIn,
  onFault,
  version = programVersion,
}: PagesOptions): Pages {
  const assets = new Map<string, Asset>()
  const keep = (text: string, extension: 'css' | 'js'): string => {
    const name = `${hashOf(text).slice(0, 20)}.${extension}`
    const mediaType = extension === 'css' ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8'
    assets.set(name, { mediaType, text })
    return `/assets/${name}`
  }
  const dressed = (look: Template): Dressed => {
    const theme = { theme: themeView(publication) }
    const own = look.pages.has('site') ? look : builtIn
    const script = look.assets.get('site.js') ?? builtIn.assets.get('site.js')
    return {
      look,
      style: keep(
        `${(look.has('web', 'style') ? look : builtIn).partial('web', 'style', theme)}\n${own.page('site', theme)}`,
        'css',
      ),
      script: script === undefined ? null : keep(script, 'js'),
    }
  }
  const written = (look: Template, page: PageName, view: object): string => {
    try {
      return look.page(page, view)
    } catch (error) {
      if (look === builtIn || !(error instanceof TemplateError)) throw error
      onFault?.(error.finding)
      return builtIn.page(page, view)
    }
  }
  const byNewsletter = new Map(Array.from(looks, ([key, look]) => [key, dressed(look)]))
  const first = [...byNewsletter.values()][0] ?? dressed(builtIn)
  return {
    assets,
    // What editors change in onrecord.yaml is on every page, and in the feeds.
    hash: hashOf(
      JSON.stringify([
        version,
        [...looks.values(), builtIn].map(({ hash }) => hash),
        [...assets.keys()],
        publication,
        baseUrl,
      ]),
    ),
    render(page, head, view, reader) {
      const { look, style, script } = byNewsletter.get(head.newsletter ?? '') ?? first
      const from = look.pages.has(page) ? look : builtIn
      const frame = { ...frameOf(publication, baseUrl, head, reader), style, script }
      // Handlebars writes `=` as six bytes, for attributes without quotation marks; ours have them.
      return written(from, page, { ...view, frame }).replaceAll('&#x3D;', '=')
    },
  }
}

interface Dressed {
  readonly look: Template
  readonly style: string
  readonly script: string | null
}

function frameOf(
  publication: Publication,
  baseUrl: string,
  head: PageHead,
  { tier, signedIn }: Pick<Reader, 'tier' | 'signedIn'>,
): Omit<Frame, 'style' | 'script'> {
  const { name, lang, postalAddress, theme } = publication
  const path = head.path ?? null
  const subscribing = signUpForm(publication)
  return {
    lang: head.lang ?? lang,
    dir: head.dir ?? 'ltr',
    heading: head.title,
    title: head.title === name ? name : `${head.title} · ${name}`,
    description: head.description ?? null,
    canonical: path === null ? null : baseUrl + path,
    indexed: path !== null && tier === 'public',
    image: head.image ?? null,
    published: head.published ?? null,
    linkedData: head.linkedData ?? null,
    home: head.home ?? false,
    publication: { name, tagline: theme.tagline ?? null, postalAddress, url: baseUrl },
    tier,
    isPublic: tier === 'public',
    isMember: tier === 'member',
    signedIn,
    navigation: [
      { href: '/', label: 'Issues' },
      { href: '/search', label: 'Search' },
      { href: '/corrections', label: 'Corrections' },
      { href: '/how-we-source', label: 'How we source' },
      signedIn ? { href: '/preferences', label: 'Preferences' } : { href: '/log-in', label: 'Log in' },
    ].map((each) => ({ ...each, current: each.href === path })),
    newsletter: subscribing.many ? (publication.newsletters[head.newsletter ?? '']?.name ?? null) : null,
    privacy: subscribing.privacy,
    subscribing,
    signUp: head.signUp === false || signedIn ? null : subscribing,
  }
}

function signUpForm(publication: Publication): SignUpForm {
  const newsletters = Object.entries(publication.newsletters).map(([key, { name, description }]) => ({
    key,
    name,
    description,
    words: consentWords(publication, key),
  }))
  return {
    action: '/subscribe',
    newsletters,
    many: newsletters.length > 1,
    privacy: publication.policies.privacy === undefined ? null : '/how-we-source#privacy',
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
