/**
 * The SHA-256 of each step's text, in their order. A store that took a step does not take it again: were one edited, stores
 * would differ by when they were made. So nothing here is ever changed; a new step's hash is appended.
 */
export const frozenSqlite: readonly string[] = [
  '6ee57c53dceb636f1308b95457e78d2e13c614f9db3fd95ed1e5225206cea0b5', // subscribers
  '90404144dbe219819ae01d88332d9ef8dfc87b1a1b651cbcbbcbc2bfa90fce6f', // deliveries
  'ff8a87d6f1476b535c2b4f719a5d76178331fdda5de9cdee7cd62e726cc112a8', // sending
  'a630f70d043b4695448c0106e117753a11ecf1c7d66d1ad6b00ee1dfbfbc7c01', // readers
  'ae2c67b6e90a468789910b82dd636b0f31d92be0cdfeb905a25a2dc0bf1f2f8a', // site
  '9ac3ccb19b5d46c28f5e42cfa860839f6be87d3747be1d1b6cb9148a3544ebc7', // approvals
  'f42b56a88c6bad3e106c74998be59dfee1d8dc7549a72d0c8014a7dc23c69371', // schedule
]

/** The same of PostgreSQL's. */
export const frozenPostgres: readonly string[] = [
  '0c3265409cda911a348aca4d88af0a9f474a01dd1199b1b725c51ebcdb958569', // people, readers and site
  '1d597ecb653fbaede3d8112a7b3c27e4f634874edf713a853b711db9059d9ba0', // deliveries
  '19863f4f8eb05aa5cc5ff55ad027cf6c595def179c0f99f6660f1a49da1006ae', // slices
  '01a591b5b1532e5dbf953d4633ca2e93278e2dd2377833c6d2abc1edaa0ccfe1', // advance
  'f4dba99e69d364a553bee81af149f2f98b0e6c19aa36dc7b1ff9f1c44186cf18', // pace
  '1872c492dfd1a31f49e4df1387e4dc5fa0953517a4eecfee5a22938dcb8c5244', // approvals
  'f12851bb3cf5494e1ec4c2dc967677f265d78bc2005890a8dad03b937708eaa7', // schedule
  '25b0f370617f77d6c746222f831d15c91b4304b39c3b5bb5b9e52c79e69d67ed', // limits
]
