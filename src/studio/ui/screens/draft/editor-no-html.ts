import { LanguageSupport, StreamLanguage } from '@codemirror/language'

/** Stands in for `@codemirror/lang-html`, which lang-markdown brings along (vite.config.ts): tags without colours. */
const plain = new LanguageSupport(
  StreamLanguage.define({
    token(stream) {
      stream.skipToEnd()
      return null
    },
  }),
)

export const html = (): LanguageSupport => plain

export const htmlCompletionSource = (): null => null
