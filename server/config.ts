/** How to run the service: the only place that reads the environment. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { nearest } from './config/nearest.ts'
import { keys, secrets } from './config/values.ts'
import { exampleOf, ingestVariables, NAMES, type Values, variables } from './config/variables.ts'
import { weakIngestSecrets, weakSecrets } from './config/weak-secrets.ts'

/** Every way the environment is wrong, by name, at once. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`the configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

export type Config = ReturnType<typeof nest>

type Env = Readonly<Record<string, string | undefined>>
type ReadText = (path: string) => string

const readFile: ReadText = (path) => readFileSync(path, 'utf8')

/**
 * Reads the environment. Throws `ConfigError` naming every wrong variable. An empty variable counts as
 * not set. `readText` reads what `*_FILE` variables name.
 */
export const loadConfig = (env: Env = process.env, readText = readFile): Config =>
  nest(readValues({ schema: variables, weak: weakSecrets }, env, readText))

export type IngestConfig = ReturnType<typeof loadIngestConfig>

/** What `npm run ingest` needs of it. Throws as `loadConfig` does. */
export function loadIngestConfig(
  source: 'stream' | 'lines',
  env: Env = process.env,
  readText = readFile,
) {
  const v = readValues({ schema: ingestVariables, weak: weakIngestSecrets }, env, readText)
  if (source === 'stream' && !v.FANFARE_INGEST_REDIS_URL)
    throw new ConfigError(['FANFARE_INGEST_REDIS_URL is missing: say where the queue is'])
  return {
    logLevel: v.FANFARE_LOG_LEVEL,
    api: v.FANFARE_INGEST_API,
    keys: apiKeysOf(v),
    metricsToken: v.FANFARE_METRICS_TOKEN,
    redisUrl: v.FANFARE_INGEST_REDIS_URL?.reveal() ?? '',
    stream: v.FANFARE_INGEST_STREAM,
    group: v.FANFARE_INGEST_GROUP,
    port: v.FANFARE_INGEST_PORT,
  }
}

const apiKeysOf = (v: Pick<Values, 'FANFARE_API_SECRETS' | 'FANFARE_DEMO'>) =>
  v.FANFARE_API_SECRETS ?? (v.FANFARE_DEMO ? keys.parse(exampleOf('FANFARE_API_SECRETS')) : [])

function readValues<V>(
  { schema, weak }: { schema: z.ZodType<V>; weak: (values: V) => string[] },
  env: Env,
  readText: ReadText,
): V {
  const problems: string[] = []
  const given = knownOf(env, problems)
  for (const name of NAMES) {
    const path = given[`${name}_FILE`]
    if (path === undefined) continue
    if (given[name] !== undefined) problems.push(`${name} and ${name}_FILE are both set; set one`)
    try {
      given[name] = readText(path)
    } catch (error) {
      problems.push(
        `${name}_FILE cannot be read (${error instanceof Error ? error.message : error})`,
      )
    }
  }
  const parsed = schema.safeParse(given)
  for (const issue of parsed.error?.issues ?? [])
    problems.push(`${issue.path.join('.')} ${issue.message}`)
  if (parsed.success) problems.push(...weak(parsed.data))
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems)
  return parsed.data
}

/** The variables that are ours; one that only looks so is a problem. */
function knownOf(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): Record<string, string> {
  const given: Record<string, string> = {}
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || text === '') continue
    if (name in variables.shape) given[name] = text
    else if (name.startsWith('FANFARE_'))
      problems.push(`${name} is unknown; did you mean ${nearest(name, NAMES)}?`)
  }
  return given
}

/** The values under the names by which the program knows them. */
function nest(v: Values) {
  return {
    logLevel: v.FANFARE_LOG_LEVEL,
    roles: v.FANFARE_ROLES,
    /** 0 where it gives way to nobody. */
    nice:
      v.FANFARE_ROLES.has('worker') && !v.FANFARE_ROLES.has('gateway') ? v.FANFARE_WORKER_NICE : 0,
    demo: v.FANFARE_DEMO,
    testClock: v.FANFARE_TEST_CLOCK,
    dataDir: v.FANFARE_DATA_DIR,
    anchorsFile: v.FANFARE_ANCHORS_FILE ?? join(v.FANFARE_DATA_DIR, 'anchors.log'),
    /** One origin for everything, or undefined where browsers reach the ports directly. */
    publicUrl: v.FANFARE_PUBLIC_URL,
    redis: {
      url: v.REDIS_URL,
      partitions: v.FANFARE_PARTITIONS,
      durability: v.FANFARE_DURABILITY,
      /** Program of the Redis that a dry run starts for itself. */
      server: v.FANFARE_REDIS_SERVER,
      /** Per partition, not yet archived. */
      journalEntriesMax: v.FANFARE_JOURNAL_MAX_ENTRIES,
    },
    api: { port: v.FANFARE_API_PORT, metricsToken: v.FANFARE_METRICS_TOKEN },
    gateway: {
      port: v.FANFARE_GATEWAY_PORT,
      processes: v.FANFARE_GATEWAY_PROCESSES,
      transport: v.FANFARE_TRANSPORT,
      front: v.FANFARE_FRONT_HANDLER === 'on',
      allowedOrigins: v.FANFARE_ALLOWED_ORIGINS,
      socketsPerViewerMax: v.FANFARE_SOCKETS_PER_VIEWER,
      socketsPerIpMax: v.FANFARE_SOCKETS_PER_IP,
      framesPerSecMax: v.FANFARE_FRAMES_PER_SECOND,
      pulseMs: v.FANFARE_PULSE_MS,
    },
    /** Hops whose X-Forwarded-For is believed. */
    trustedProxies: v.FANFARE_TRUSTED_PROXIES,
    /** Operators publish rules only where another one wrote them. */
    rulesReviewed: v.FANFARE_RULES_REVIEWED,
    /** Whether webhooks may call http and private addresses. */
    webhooks: { allowPrivate: v.FANFARE_WEBHOOK_ALLOW_PRIVATE || v.FANFARE_DEMO },
    keys: {
      /** The first one of a brand signs, all verify. In the demo the sample from `.env.example` where none is set. */
      tickets:
        v.FANFARE_TICKET_SECRETS ??
        (v.FANFARE_DEMO ? keys.parse(exampleOf('FANFARE_TICKET_SECRETS')) : []),
      /** The first one signs, all verify. */
      sessions:
        v.FANFARE_SESSION_SECRET ??
        (v.FANFARE_DEMO ? secrets.parse(exampleOf('FANFARE_SESSION_SECRET')) : []),
      api: apiKeysOf(v),
    },
  }
}
