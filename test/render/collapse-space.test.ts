import { expect, test } from 'vitest'
import { collapseSpace } from '../../src/render/collapse-space.ts'

test.each([
  ['<p>\n  words\n</p>\n<p>more</p>', '<p>words</p><p>more</p>'],
  ['<p>one\n  <b>two</b>\n  three</p>', '<p>one <b>two</b> three</p>'],
  ['<td\n   style="a:b"\n   class=""\n>x</td>', '<td style="a:b">x</td>'],
  ['a  b', 'a  b'],
  ['<p>a <b>b</b> c</p>', '<p>a <b>b</b> c</p>'],
  ['<a>1</a>\n<a>2</a>', '<a>1</a> <a>2</a>'],
  ['<!--[if mso]>\n <table>\n  <tr>\n<![endif]-->\n<p>x</p>', '<!--[if mso]><table><tr><![endif]--><p>x</p>'],
  ['<pre><code>a&#10;  b</code></pre>', '<pre><code>a&#10;  b</code></pre>'],
  [
    '<style>\n a > b { color: red; margin: 0 1px; }\n /* why */\n</style>',
    '<style>a > b{color:red;margin:0 1px}</style>',
  ],
  ['5 < 6\n and 7 > 6', '5 < 6 and 7 > 6'],
])('%j becomes %j', (before, after) => {
  expect(collapseSpace(before)).toBe(after)
})
