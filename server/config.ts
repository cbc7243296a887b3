/** How to run the service: the only place that reads the environment. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { z } from 'zod'
import { isId } from '../shared/ids.ts'

const SECRET_BYTES_MIN = 32
/** What a copied example contains; refused outside the demo. */
const SAMPLE = /sample|change-?me|example/i
const KEYS_MAX = 64
const ORIGINS_MAX = 256

/** Text that does not get into a log by accident; only `reveal()` gives it. */
export class Secret {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  reveal(): string {
    return this.#text
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}

/** A signing key: `kid` is what a signature names, `brand` the only brand it may speak for. */
export interface Key {
  kid: string
  brand: string
  secret: Secret
}

/** A page that may open sockets. Without `brand` it may do so for every brand. */
export interface AllowedOrigin {
  origin: string
  brand: string | undefined
}

export type ServerRole = 'gateway' | 'api' | 'worker'
export type Durability =
  | { kind: 'auto' }
  | { kind: 'replicas'; count: number }
  | { kind: 'always' }
  | { kind: 'everysec' }

const ROLES: readonly ServerRole[] = ['gateway', 'api', 'worker']
const isRole = (text: string): text is ServerRole => ROLES.some((role) => role === text)

const split = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('#'))

const int = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
}

const flag = z
  .enum(['0', '1', 'false', 'true'], 'must be 0 or 1')
  .transform((text) => text === '1' || text === 'true')

const origin = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url && /^https?:$/.test(url.protocol) && url.origin === text ? text : undefined
}

/** A list where every part must be readable; `read` answers undefined where one is not. */
const list = <T>(read: (part: string) => T | undefined, max: number, message: string) =>
  z.string().transform((text, context): T[] => {
    const parts = split(text)
    const values = parts.flatMap((part) => {
      const value = read(part)
      return value === undefined ? [] : [value]
    })
    if (values.length < parts.length) context.addIssue({ code: 'custom', message })
    if (parts.length > max) context.addIssue({ code: 'custom', message: `at most ${max} entries` })
    return values
  })

const keys = list<Key>(
  (part) => {
    const [kid = '', brand = '', ...rest] = part.split(':')
    const secret = rest.join(':')
    return isId(kid) && isId(brand) && secret !== ''
      ? { kid, brand, secret: new Secret(secret) }
      : undefined
  },
  KEYS_MAX,
  'must be kid:brand:secret, more of them after a comma; kid and brand of A-Z a-z 0-9 _ -',
).refine(
  (all) => new Set(all.map((key) => key.kid)).size === all.length,
  'every kid may be there once only',
)

const secrets = z
  .string()
  .transform((text) => split(text).map((part) => new Secret(part)))
  .refine((all) => all.length > 0, 'is empty')

const durability = z
  .string()
  .regex(
    /^(auto|always|everysec|replicas:[1-9])$/,
    'must be auto, always, everysec or replicas:N with N from 1 to 9',
  )
  .transform((text): Durability => {
    if (text.startsWith('replicas:')) return { kind: 'replicas', count: Number(text.slice(9)) }
    return { kind: text === 'always' || text === 'everysec' ? text : 'auto' }
  })

/** Every variable, as text in and value out. The documents are made from this. */
const variables = z.object({
  REDIS_URL: z
    .string('is missing: say where Redis is, or use npm start, which brings its own')
    .regex(
      /^(rediss?:\/\/|redis-cluster:\/\/|unix:\/\/\/).+/,
      'must begin with redis://, rediss://, redis-cluster:// or unix:///',
    )
    .transform((text) => new Secret(text))
    .describe(
      'Redis 7.0 or newer: redis://host:port, rediss://host:port, unix:///path, or redis-cluster://host:port,host:port for a cluster. Without it `npm start` runs a Redis of its own in the data folder.',
    )
    .meta({ example: 'redis://127.0.0.1:6379' }),
  FANFARE_API_PORT: int(1, 65_535).prefault('7070').describe('Port of the pages and the HTTP API.'),
  FANFARE_GATEWAY_PORT: int(1, 65_535).prefault('7071').describe('Port of the sockets.'),
  FANFARE_DATA_DIR: z
    .string()
    .prefault('.data')
    .describe(
      "Folder for the journal's segments and, with `npm start`, for Redis. Must survive restarts.",
    ),
  FANFARE_ANCHORS_FILE: z
    .string()
    .optional()
    .describe(
      'File that gets a signed line with the state of the archive once a day; publish it, or keep it where this machine cannot change it. Without it `anchors.log` in the data folder.',
    )
    .meta({ example: '/var/lib/fanfare-anchors/anchors.log' }),
  FANFARE_PUBLIC_URL: z
    .string()
    .refine(
      (text) => origin(text) !== undefined,
      'must be an origin such as https://points.shop.test',
    )
    .optional()
    .describe(
      'The one origin behind which a proxy serves pages, API and sockets (path /socket.io/). Without it browsers reach the two ports directly.',
    )
    .meta({ example: 'https://points.shop.test' }),
  FANFARE_ROLES: list(
    (part) => (isRole(part) ? part : undefined),
    ROLES.length,
    `must be some of ${ROLES.join(', ')}`,
  )
    .transform((roles): ReadonlySet<ServerRole> => new Set(roles))
    .refine((roles) => roles.size > 0, `must be some of ${ROLES.join(', ')}`)
    .prefault(ROLES.join(','))
    .describe('What this process does.'),
  FANFARE_PARTITIONS: int(1, 1024)
    .prefault('64')
    .describe(
      'Number of account partitions. Fixed with the data: a start with another number is refused. `npm start` takes 8 for its own Redis.',
    ),
  FANFARE_GATEWAY_PROCESSES: int(1, 64)
    .prefault('1')
    .describe('Gateway processes that share the socket port. 1 takes the port exclusively.'),
  FANFARE_LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .prefault('info')
    .describe('Least severity that is logged.'),
  FANFARE_DEMO: flag
    .prefault('0')
    .describe(
      '1 opens the demo room, where anybody gets tickets as viewer and host, and allows sample secrets. Never where points are worth money.',
    ),
  FANFARE_TICKET_SECRETS: keys
    .optional()
    .describe(
      'Keys that sign room tickets, kid:brand:secret after commas; the first one of a brand signs, all verify. A secret ed25519:KEY is a public key (32 bytes, base64url), for brands that sign their tickets themselves.',
    )
    .meta({ example: 'k1:demo:sample-ticket-secret-0000000000000000' }),
  FANFARE_TICKET_SECRETS_FILE: z.string().optional().describe('File with the same, one per line.'),
  FANFARE_SESSION_SECRET: secrets
    .optional()
    .describe(
      'Signs resume tokens and client sessions. After a comma older ones that still verify.',
    )
    .meta({ example: 'sample-session-secret-000000000000000' }),
  FANFARE_SESSION_SECRET_FILE: z.string().optional().describe('File with the same, one per line.'),
  FANFARE_API_SECRETS: keys
    .optional()
    .describe(
      "Keys of the merchants' servers that may call the API (HMAC), kid:brand:secret after commas. The brand of the first one is the platform's own: only its keys may publish rules.",
    )
    .meta({ example: 's1:demo:sample-api-secret-00000000000000000' }),
  FANFARE_API_SECRETS_FILE: z.string().optional().describe('File with the same, one per line.'),
  FANFARE_METRICS_TOKEN: z
    .string()
    .transform((text) => new Secret(text.trim()))
    .optional()
    .describe('Bearer token for /metrics. Without it only loopback may read it.'),
  FANFARE_METRICS_TOKEN_FILE: z.string().optional().describe('File with the same.'),
  FANFARE_ALLOWED_ORIGINS: list<AllowedOrigin>(
    (part) => {
      const at = part.indexOf('=')
      const brand = at < 0 ? undefined : part.slice(0, at)
      const found = origin(part.slice(at + 1))
      return found && (brand === undefined || isId(brand)) ? { origin: found, brand } : undefined
    },
    ORIGINS_MAX,
    'must be origins such as https://shop.test, or brand=https://shop.test, after commas',
  )
    .prefault('')
    .describe(
      'Pages that may open sockets: origins after commas, each for every brand or as brand=origin for one. Our own pages always may.',
    )
    .meta({ example: 'https://shop.test,acme=https://live.acme.test' }),
  FANFARE_TRUSTED_PROXIES: int(0, 10)
    .prefault('0')
    .describe(
      "Number of proxies in front whose X-Forwarded-For is believed. With 0 the peer's address counts.",
    ),
  FANFARE_TRANSPORT: z
    .enum(['auto', 'uws', 'node'], 'must be auto, uws or node')
    .prefault('auto')
    .describe(
      'Socket listener: uWebSockets.js where it loads (auto), or only it (uws), or node:http (node).',
    ),
  FANFARE_FRONT_HANDLER: z
    .enum(['on', 'off'], 'must be on or off')
    .prefault('on')
    .describe(
      "Who speaks Socket.IO's protocol on uWebSockets.js: we ourselves (on), or its library, at a third of the speed (off).",
    ),
  FANFARE_TEST_CLOCK: flag
    .prefault('0')
    .describe('1 lets tests set the time of scripts. Never in production.'),
  FANFARE_DURABILITY: durability
    .prefault('auto')
    .describe(
      'When an answer counts as durable: replicas:N, always (appendfsync), everysec, or what Redis is set to (auto).',
    ),
  FANFARE_JOURNAL_MAX_ENTRIES: int(100, 10_000_000)
    .prefault('20000')
    .describe(
      'Entries a partition keeps that the worker has not archived; alarm at half of it, `busy` when full.',
    ),
  FANFARE_SOCKETS_PER_VIEWER: int(1, 100)
    .prefault('3')
    .describe('Open sockets per viewer and room.'),
  FANFARE_SOCKETS_PER_IP: int(1, 1_000_000)
    .prefault('1000')
    .describe('Open sockets per address and gateway. Many phones share one address.'),
  FANFARE_WEBHOOK_ALLOW_PRIVATE: flag
    .prefault('0')
    .describe(
      '1 lets webhooks call http and addresses that are not public. The demo does so too. Never where merchants you do not know have API keys.',
    ),
  FANFARE_RULES_REVIEWED: flag
    .prefault('0')
    .describe(
      '1: an operator publishes only rules that another operator drafted. Servers with an API key and rollbacks to a version that was in force need no second person.',
    ),
  FANFARE_PULSE_MS: int(250, 1000)
    .prefault('500')
    .describe('Time between two pulses of a room, ms.'),
})

type Values = z.output<typeof variables>
type Name = keyof Values

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

/**
 * Reads the environment. Throws `ConfigError` naming every wrong variable. An empty variable counts as
 * not set. `readText` reads what `*_FILE` variables name.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  readText: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Config {
  const problems: string[] = []
  const given: Record<string, string> = {}
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || text === '') continue
    if (name in variables.shape) given[name] = text
    else if (name.startsWith('FANFARE_'))
      problems.push(`${name} is unknown; did you mean ${nearest(name)}?`)
  }
  for (const name of Object.keys(variables.shape)) {
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
  const parsed = variables.safeParse(given)
  for (const issue of parsed.error?.issues ?? [])
    problems.push(`${issue.path.join('.')} ${issue.message}`)
  if (parsed.success) problems.push(...secretProblems(parsed.data))
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems)
  return nest(parsed.data)
}

/** Missing, short and sample secrets: allowed in the demo only, where everybody gets tickets anyway. */
function secretProblems(values: Values): string[] {
  if (values.FANFARE_DEMO) return []
  const problems: string[] = []
  const check = (name: Name, found: readonly Secret[], needed: boolean) => {
    if (needed && found.length === 0) problems.push(`${name} is missing; set it or ${name}_FILE`)
    for (const secret of found) {
      const text = secret.reveal()
      if (SAMPLE.test(text))
        problems.push(`${name} holds a sample secret; make one with: openssl rand -base64 33`)
      else if (Buffer.byteLength(text) < SECRET_BYTES_MIN)
        problems.push(`${name} holds a secret shorter than ${SECRET_BYTES_MIN} bytes`)
    }
  }
  const secretsOf = (all: readonly Key[] | undefined) => (all ?? []).map((key) => key.secret)
  const serves = values.FANFARE_ROLES.has('gateway') || values.FANFARE_ROLES.has('api')
  check('FANFARE_TICKET_SECRETS', secretsOf(values.FANFARE_TICKET_SECRETS), serves)
  check('FANFARE_SESSION_SECRET', values.FANFARE_SESSION_SECRET ?? [], serves)
  check(
    'FANFARE_API_SECRETS',
    secretsOf(values.FANFARE_API_SECRETS),
    values.FANFARE_ROLES.has('api'),
  )
  check(
    'FANFARE_METRICS_TOKEN',
    values.FANFARE_METRICS_TOKEN ? [values.FANFARE_METRICS_TOKEN] : [],
    false,
  )
  return problems
}

const sample = (name: Name): string => {
  const example = variables.shape[name].meta()?.example
  return typeof example === 'string' ? example : ''
}

function nest(v: Values) {
  return {
    logLevel: v.FANFARE_LOG_LEVEL,
    roles: v.FANFARE_ROLES,
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
        (v.FANFARE_DEMO ? keys.parse(sample('FANFARE_TICKET_SECRETS')) : []),
      /** The first one signs, all verify. */
      sessions:
        v.FANFARE_SESSION_SECRET ??
        (v.FANFARE_DEMO ? secrets.parse(sample('FANFARE_SESSION_SECRET')) : []),
      api:
        v.FANFARE_API_SECRETS ?? (v.FANFARE_DEMO ? keys.parse(sample('FANFARE_API_SECRETS')) : []),
    },
  }
}

/** The known variable with the fewest edits to `name`. */
function nearest(name: string): string {
  let best = { name: '', edits: Infinity }
  for (const known of Object.keys(variables.shape)) {
    const edits = editDistance(name, known)
    if (edits < best.edits) best = { name: known, edits }
  }
  return best.name
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

interface Variable {
  name: string
  what: string
  /** As text, where there is one. */
  preset: string | undefined
  example: string
}

/** Every variable that is read, for documents and for checks of deployment files. */
export const variableList = (): Variable[] =>
  Object.entries(variables.shape).map(([name, schema]) => {
    const example = schema.meta()?.example
    return {
      name,
      what: schema.description ?? '',
      preset: schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : undefined,
      example: typeof example === 'string' ? example : '',
    }
  })

/** The text of `.env.example`: every variable, commented out, with its default or an example. */
export const renderEnvExample = (): string =>
  `# Made by \`npm run generate\` from server/config.ts. Every variable may be left out unless it says otherwise.\n\n${variableList()
    .map(({ name, what, preset, example }) => `# ${what}\n#${name}=${preset || example}\n`)
    .join('\n')}`

/** The same as a Markdown table. */
export const renderEnvTable = (): string =>
  `| variable | default | what |\n| --- | --- | --- |\n${variableList()
    .map(
      ({ name, what, preset }) =>
        `| \`${name}\` | ${preset ? `\`${preset}\`` : ''} | ${what.replaceAll('|', '\\|')} |\n`,
    )
    .join('')}`
