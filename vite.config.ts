import { join } from 'node:path'
import { defineConfig } from 'vite'

const source = join(import.meta.dirname, 'src/studio/ui')

/** The studio's browser side: hashed chunks under /assets/, a manifest for the server, and the licences of what is in them. */
export default defineConfig({
  root: source,
  base: '/assets/',
  publicDir: false,
  logLevel: 'warn',
  // Our Markdown holds no HTML, whose parsers would be a fifth of the first load.
  resolve: { alias: { '@codemirror/lang-html': join(source, 'screens/draft/editor-no-html.ts') } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    assetsDir: '',
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
    license: { fileName: 'licences.md' },
    emptyOutDir: true,
    reportCompressedSize: false,
    rolldownOptions: { input: join(source, 'main.tsx') },
  },
})
