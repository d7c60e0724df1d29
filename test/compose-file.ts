import { parse } from 'yaml'
import { z } from 'zod'

/*
 * What of the Compose specification deploy/compose.yaml uses, strictly: a key that is misspelt, or of another shape, is an
 * error. Docker is not asked.
 */

const duration = z.string().regex(/^(\d+h)?(\d+m)?(\d+s)?$/)
const size = z.string().regex(/^\d+[kmg]$/)
const command = z.array(z.string()).nonempty()

const probe = z.union([
  z.strictObject({ disable: z.literal(true) }),
  z.strictObject({
    test: z.tuple([z.literal('CMD')], z.string()),
    interval: duration,
    timeout: duration,
    retries: z.int().positive(),
    start_period: duration,
  }),
])

const bind = z.strictObject({
  type: z.literal('bind'),
  source: z.string(),
  target: z.string().startsWith('/'),
  read_only: z.boolean().optional(),
  bind: z.strictObject({ create_host_path: z.boolean() }),
})

const service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  user: z.string().optional(),
  command,
  environment: z.record(z.string(), z.string()),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  logging: z.strictObject({ driver: z.string() }),
  networks: z.array(z.string()),
  volumes: z.array(z.union([bind, z.string().regex(/^[a-z]+:\/\S+$/)])),
  tmpfs: z.array(z.string().startsWith('/')),
  shm_size: size.optional(),
  ports: z.array(z.string()).optional(),
  healthcheck: probe,
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
    )
    .optional(),
  stop_grace_period: duration.optional(),
  deploy: z.strictObject({
    replicas: z.int().positive().optional(),
    resources: z.strictObject({ limits: z.strictObject({ memory: size }) }),
  }),
})

const file = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.strictObject({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.strictObject({})),
})

export type ComposeService = z.infer<typeof service>

/** Reads a whole file; keys `x-…` hold what several services share. */
export function readCompose(text: string): z.infer<typeof file> {
  const whole = z.record(z.string(), z.unknown()).parse(parse(text, { merge: true }))
  return file.parse(Object.fromEntries(Object.entries(whole).filter(([key]) => !key.startsWith('x-'))))
}

/** Seconds of a duration such as `1m30s`. */
export function secondsOf(text: string): number {
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? []
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
}
