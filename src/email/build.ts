import { inOrder, type Finding } from '../core/finding.ts'
import type { Publication } from '../core/publication.ts'
import { tiers as allTiers, type Tier } from '../core/tier.ts'
import type { Issue, ProjectedIssue } from '../issue/issue.ts'
import { project, type DeskValues } from '../issue/project.ts'
import { sourcesDocument } from '../issue/sources-document.ts'
import { render, type RenderOptions } from '../render/render.ts'
import type { Template } from '../render/template.ts'
import { compileEdition } from './compile.ts'
import type { Edition } from './edition.ts'
import { checkSize } from './size.ts'

export interface BuildOptions {
  readonly publication: Publication
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  readonly template: Template
  /** Default: all. */
  readonly tiers?: readonly Tier[]
}

/** The editions that could be made, and what making them found; `blocks()` says whether they may go out. */
export interface Built {
  readonly editions: readonly Edition[]
  readonly findings: readonly Finding[]
}

/**
 * From an issue to its editions: gated, rendered, compiled and measured, one tier after the other.
 * A tier whose rendering fails is missing from `editions`. Says nothing about the files: the desk
 * check does.
 */
export async function buildEditions(
  loaded: { readonly issue: Issue | null } & DeskValues,
  options: BuildOptions,
): Promise<Built> {
  const { issue } = loaded
  if (issue === null) return { editions: [], findings: [] }
  const built: BuiltEdition[] = []
  for (const tier of options.tiers ?? allTiers) {
    built.push(await buildEdition(project(issue, tier, loaded), options))
  }
  return {
    editions: built.flatMap(({ edition }) => edition ?? []),
    findings: inOrder(once(built.flatMap(({ findings }) => findings))),
  }
}

/** What became of one tier. */
export interface BuiltEdition {
  /** Null where rendering fails; `findings` say why. */
  readonly edition: Edition | null
  readonly findings: readonly Finding[]
  /** The edition's HTML with the position marks that were asked for. */
  readonly marked: string
}

/** The edition of one tier; with `marks` for the studio, which shows where its words come from. */
export async function buildEdition(
  projected: ProjectedIssue,
  options: Omit<BuildOptions, 'tiers'> & Pick<RenderOptions, 'marks' | 'onMail'>,
): Promise<BuiltEdition> {
  const subscribeUrl = `${options.baseUrl.replace(/\/+$/, '')}/subscribe`
  const { rendered, findings, marked = '' } = await render(projected, { ...options, subscribeUrl })
  if (rendered === null) return { edition: null, findings, marked }
  const sources = sourcesDocument(projected)
  const edition = await compileEdition(rendered, projected, { ...options, sources })
  return { edition, findings: [...findings, ...checkSize(edition, projected.file)], marked }
}

/** A fault of the template or of a text shows in every tier; it is told once. */
export function once(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(
      findings.map((each) => [`${each.rule} ${each.file}:${each.line}:${each.column} ${each.message}`, each]),
    ).values(),
  ]
}
