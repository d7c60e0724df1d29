import { oneOf } from './pattern.ts'

/** Groups that are heard without anybody in them being named. */
export const vagueGroups = oneOf(`
  experts, analysts, critics, observers, commentators, pundits, economists, scientists, researchers, insiders, sceptics, skeptics
  opponents, supporters, detractors, specialists, scholars, academics, doctors, traders, watchers, strategists, diplomats
  campaigners, activists, historians, lawyers, onlookers, outsiders, authorities on, proponents, advocates, cynics, optimists
  pessimists, market participants, investors, engineers, military officials, intelligence officials
`)

/** What these groups do with an opinion. */
export const opine = oneOf(`
  say, said, believe, believed, think, thought, argue, argued, call, called, see, saw, fear, feared, expect, expected, predict
  predicted, warn, warned, point to, point out, pointed to, pointed out, suggest, suggested, claim, claimed, hold that, hope
  note, noted, contend, contended, maintain, doubt, doubted, question, agree, agreed, worry, worried, suspect, suspected
  estimate, estimated, describe, described, view, viewed, regard, regarded, consider, insist, insisted, caution, cautioned
  accuse, complain, complained, wonder, speculate, speculated, speak of, spoke of, attribute, dismiss
`)

/** What carries hearsay: only in the plural, and only where nobody is named as its author. */
export const vagueReports = oneOf(
  'reports, studies, rumours, rumors, accounts, estimates, surveys, polls, media',
)

export const suggest = oneOf(`
  suggest, suggested, say, said, indicate, indicated, claim, claimed, point to, hint, hinted, have suggested, have claimed, have said
  show, describe, speak of, spoke of, put, imply, have it
`)

/** Quantities that stand for people. */
export const someone = oneOf('some, many, most, others, several, few, people')

/** People who are heard as unnamed sources. */
export const unnamedPeople = oneOf(`
  officials?, diplomats?, officers?, aides?, advisers?, advisors?, executives?, lawmakers?, ministers?, insiders?, employees?
  commanders?, witness(?:es)?, sources?, persons?, people, men, man, woman, women, guards?, members?, doctors?, judges?, clerks?
  staff(?:er|ers)?, delegates?, negotiators?, mps?, spokes(?:man|woman|person)
`)
