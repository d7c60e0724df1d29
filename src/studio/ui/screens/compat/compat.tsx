export function Compat(_props: { readonly issue: string; readonly shows: 'mail' | 'links' }) {
  return <p class="loading">Being looked at …</p>
}
