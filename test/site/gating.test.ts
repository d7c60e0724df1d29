import { openBed } from './bed.ts'
import { gatedSite, gatingContract } from './gating-contract.ts'

gatingContract('SQLite', () => openBed(gatedSite))
