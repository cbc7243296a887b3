/** Every environment variable: what it may be, what it is where nothing is said, and what it is for. */

import { z } from 'zod'
import { isId } from '../../shared/ids.ts'
import { Secret } from './secret.ts'
import {
  type AllowedOrigin,
  durability,
  flag,
  int,
  isRole,
  keys,
  list,
  ORIGINS_MAX,
  origin,
  ROLES,
  redisUrl,
  type ServerRole,
  secrets,
} from './values.ts'

/** As text in and value out. The documents are made from this. */
export const variables = z.object({
  REDIS_URL: redisUrl('is missing: say where Redis is, or use npm start, which brings its own')
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
  FANFARE_WORKER_NICE: int(0, 19)
    .prefault('10')
    .describe(
      'How far a process with the worker and without the gateway gives way to others on its machine, as `nice` has it. Viewers wait for Redis and gateways, not for the archive.',
    ),
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
  FANFARE_REDIS_SERVER: z
    .string()
    .prefault('redis-server')
    .describe(
      'Program (redis-server 7 or newer) that a dry run of rules starts for itself, beside the one that has the data.',
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
    .describe(
      'Open sockets per address, or IPv6 network, and gateway. Many phones share one address.',
    ),
  FANFARE_FRAMES_PER_SECOND: int(100, 10_000_000)
    .prefault('1000')
    .describe(
      'Frames that one socket may send in a second; a flood ends it. The overlay sends a few.',
    ),
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
  FANFARE_INGEST_API: z
    .string()
    .refine((text) => origin(text) !== undefined, 'must be an origin such as http://127.0.0.1:7070')
    .prefault('http://127.0.0.1:7070')
    .describe('Where `npm run ingest` finds the HTTP API.'),
  FANFARE_INGEST_REDIS_URL: redisUrl('is missing: say where the Redis with the stream is')
    .optional()
    .describe(
      'Redis (7.0 or newer) whose stream `npm run ingest -- stream` reads. Not the one that holds the points: a queue that fills it would stop them.',
    )
    .meta({ example: 'redis://queue:6379' }),
  FANFARE_INGEST_STREAM: z
    .string()
    .max(200)
    .prefault('fanfare:messages')
    .describe('Key of that stream. What cannot be taken goes to `{KEY}:dead`.'),
  FANFARE_INGEST_GROUP: z
    .string()
    .max(200)
    .prefault('fanfare')
    .describe('Consumer group of that stream; every process of one merchant has the same.'),
  FANFARE_INGEST_PORT: int(1, 65_535)
    .prefault('7072')
    .describe('Port of health and metrics of `npm run ingest -- stream`.'),
})

/** What `npm run ingest` reads of them. It knows one merchant's key and no secret of the service. */
export const ingestVariables = variables.pick({
  FANFARE_LOG_LEVEL: true,
  FANFARE_DEMO: true,
  FANFARE_API_SECRETS: true,
  FANFARE_METRICS_TOKEN: true,
  FANFARE_INGEST_API: true,
  FANFARE_INGEST_REDIS_URL: true,
  FANFARE_INGEST_STREAM: true,
  FANFARE_INGEST_GROUP: true,
  FANFARE_INGEST_PORT: true,
})

/** What the variables say. */
export type Values = z.output<typeof variables>
export type IngestValues = z.output<typeof ingestVariables>
export type Name = keyof Values

export const NAMES = Object.keys(variables.shape) as Name[]

/** What the documents show in a variable's place; empty where there is nothing to show. */
export function exampleOf(name: Name): string {
  const example = variables.shape[name].meta()?.example
  return typeof example === 'string' ? example : ''
}
