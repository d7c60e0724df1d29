import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The issue that is approved in these tests. */
export const id = 'harbour'
export const brief = `briefs/${id}/one.md`

const entry = (name: string, more: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    title: `What ${name} wrote`,
    publisher: `The ${name}`,
    url: `https://${name}.test/quay`,
    published: '2025-11-08',
    accessed: '2025-11-10',
    kind: 'newspaper',
    ...more,
  })
    .map(
      ([key, value], index) =>
        `${index === 0 ? `- id: ${name}\n  ` : '  '}${key}: ${JSON.stringify(value)}\n`,
    )
    .join('')

/** Puts a short issue in the sample's place: one brief, three sources. */
export async function shortIssue(
  dir: string,
  {
    names = ['dawn', 'geo', 'un'],
    more = {},
    text = '',
  }: {
    readonly names?: readonly string[]
    readonly more?: Readonly<Record<string, string>>
    readonly text?: string
  } = {},
): Promise<void> {
  await rm(join(dir, 'briefs'), { recursive: true })
  await mkdir(join(dir, 'briefs', id), { recursive: true })
  const write = (file: string, content: string): Promise<void> => writeFile(join(dir, file), content)
  await write(
    `briefs/${id}/issue.md`,
    '---\nsubject: The harbour opens\npreheader: What we know of it.\nnewsletter: weekly\ndate: 2025-11-14\nstatus: draft\n---\n\nGood morning.\n',
  )
  const cited = names
    .map((name, index) => `The harbour opened on ${index + 1} November, as it was told [@${name}].`)
    .join('\n\n')
  await write(
    brief,
    `---\ntitle: The harbour opens\nstandfirst: It opened after a week.\ndate: 2025-11-14\n---\n\n${cited}\n\nThe master of the port left for the hills.\n\n${text}\n`,
  )
  await write(`briefs/${id}/sources.yaml`, names.map((name) => entry(name, more)).join(''))
}
