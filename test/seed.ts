import { configureGlobal } from 'fast-check'

// The same cases on every machine, so that a failure is somebody's change and not the day's luck.
// FC_SEED=$RANDOM npm test looks elsewhere; what it finds becomes a case of its own.
configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20251114) })
