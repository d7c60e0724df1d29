// Loaded into a command before it starts: kills it with SIGKILL before its `DIES_AT`-th link or rename.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

let left = Number(process.env['DIES_AT'])
const orDie = <A extends readonly unknown[]>(real: (...args: A) => void) => {
  return (...args: A): void => {
    if (left-- === 0) process.kill(process.pid, 'SIGKILL')
    real(...args)
  }
}
fs.linkSync = orDie(fs.linkSync)
fs.renameSync = orDie(fs.renameSync)
syncBuiltinESMExports()
