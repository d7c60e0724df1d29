import { settings, type SettingName } from '../../settings.ts'

/**
 * `.env` with every setting: its explanation as a comment, then its value from `values`, or its
 * default. `.env.example` is this text without values of its own.
 */
export function envText(values: Partial<Record<SettingName, string>> = {}): string {
  const names = Object.keys(settings) as SettingName[]
  const entries = names.map(
    (name) => `# ${settings[name].about}\n${name}=${values[name] ?? settings[name].default}\n`,
  )
  return [
    '# What operators own: secrets and endpoints. An empty value means the default.\n',
    ...entries,
  ].join('\n')
}
