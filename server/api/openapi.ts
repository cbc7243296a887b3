/** OpenAPI 3.1, from the route table. */

import { z } from 'zod'
import { ERRORS, type ErrorCode } from '../../shared/errors.ts'
import { SIGNATURE_HEADER } from '../identity/index.ts'
import type { Access, Route } from './route.ts'
import { routes } from './routes/index.ts'
import { RefusalShape } from './shapes/refusal.ts'

/** What any route may answer beside its own refusals. */
const ALWAYS = ['bad_request', 'internal'] as const satisfies ErrorCode[]
const SIGNED_OR_BEARER = [
  'signature_invalid',
  'signature_stale',
  'ticket_invalid',
  'ticket_expired',
  'ticket_revoked',
  'forbidden',
] as const satisfies ErrorCode[]
const BY_ACCESS: Record<Access, readonly ErrorCode[]> = {
  open: [],
  demo: ['not_found'],
  signed: ['signature_invalid', 'signature_stale'],
  operator: SIGNED_OR_BEARER,
  platform: SIGNED_OR_BEARER,
  host: SIGNED_OR_BEARER,
  clerk: ['ticket_invalid'],
}
const SECURITY: Record<Access, object[]> = {
  open: [],
  demo: [],
  signed: [{ signature: [] }],
  operator: [{ signature: [] }, { operator: [] }],
  platform: [{ signature: [] }, { operator: [] }],
  host: [{ signature: [] }, { host: [] }],
  clerk: [{ clerk: [] }],
}

type Json = Record<string, unknown>

export interface Schemas {
  of(schema: z.ZodType, io: 'input' | 'output'): Json
  /** What schemas with an id have become; complete when all have been asked for. */
  components: Json
}

/** JSON schemas for one document: those with an id stand in its components, once. */
export function createSchemas(): Schemas {
  const components: Json = {}
  return {
    components,
    of(schema, io) {
      const made = z.toJSONSchema(schema, {
        io,
        unrepresentable: 'any',
        override: ({ zodSchema, jsonSchema: json }) => {
          // What we answer may grow; readers ignore fields they do not know.
          if (io === 'output' && zodSchema._zod.def.type === 'object')
            delete json.additionalProperties
          delete json.id
        },
      })
      const moved = JSON.stringify(made).replaceAll('#/$defs/', '#/components/schemas/')
      const { $schema: _, $defs = {}, ...rest } = JSON.parse(moved) as Json & { $defs?: Json }
      Object.assign(components, $defs)
      return rest
    },
  }
}

const json = (schema: Json) => ({ content: { 'application/json': { schema } } })

function parameters(
  { of }: Schemas,
  schema: z.ZodType | undefined,
  where: 'path' | 'query',
): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = of(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }))
}

/** Refusals by status, as OpenAPI wants them. */
function refusals(codes: readonly ErrorCode[]): Json {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of [...new Set(codes)].sort()) {
    const { http } = ERRORS[code]
    byStatus.set(http, [...(byStatus.get(http) ?? []), code])
  }
  const entries = [...byStatus].sort(([a], [b]) => a - b)
  return Object.fromEntries(
    entries.map(([status, some]) => [
      String(status),
      {
        description: some.map((code) => `\`${code}\`: ${ERRORS[code].what}`).join('\n'),
        ...json({ $ref: '#/components/schemas/Refusal' }),
      },
    ]),
  )
}

function operation(schemas: Schemas, { spec }: Route): Json {
  const { what, access, body, reply } = spec
  const once: ErrorCode[] = spec.once ? ['id_conflict', 'busy'] : []
  const open = (access === 'open' || access === 'demo') && spec.method !== 'GET'
  const codes: ErrorCode[] = [
    ...ALWAYS,
    ...BY_ACCESS[access],
    ...spec.refusals,
    ...once,
    ...(open ? (['rate_limited'] as const) : []),
  ]
  const params = [
    ...parameters(schemas, spec.params, 'path'),
    ...parameters(schemas, spec.query, 'query'),
  ]
  if (spec.once)
    params.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      description: 'A repeat within 24 h gets the first answer; with another body `id_conflict`.',
      schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,48}$' },
    })
  return {
    operationId: operationId(spec),
    summary: what,
    ...(access === 'platform' ? { description: "Only for the platform's own brand." } : {}),
    ...(access === 'demo' ? { description: 'Only where the demo is on.' } : {}),
    security: SECURITY[access],
    ...(params.length > 0 ? { parameters: params } : {}),
    ...(body ? { requestBody: { required: true, ...json(schemas.of(body, 'input')) } } : {}),
    responses: {
      '200': { description: 'Done', ...json(schemas.of(reply, 'output')) },
      ...refusals(codes),
    },
  }
}

/** `POST /v1/rooms/{room}/start` -> `post_rooms_room_start`. */
const operationId = ({ method, path }: Route['spec']): string =>
  [method.toLowerCase(), ...path.slice('/v1/'.length).split(/\W+/)].filter(Boolean).join('_')

const INFO = `Points for live rooms. Amounts are whole points, times are Unix milliseconds. Every answer has \`ok\`; where it is false, \`code\` says why and \`retry\` whether the same request can succeed.

Calls of servers carry \`X-Fanfare-Signature: t=<unix seconds>,kid=<key id>,v1=<hex>\` with HMAC-SHA256 over \`t.METHOD.path?query.sha256hex(body)\`, at most five minutes old. Bodies are JSON of at most 64 kB without unknown, doubled or prototype keys.`

/** The document, as JSON text. */
export function openapi(): string {
  const schemas = createSchemas()
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const { path, method } = route.spec
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(schemas, route) }
  }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Fanfare',
      version: 'v1',
      description: INFO,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Refusal: schemas.of(RefusalShape, 'output'), ...schemas.components },
      securitySchemes: {
        signature: { type: 'apiKey', in: 'header', name: SIGNATURE_HEADER },
        host: {
          type: 'http',
          scheme: 'bearer',
          description: "A host's room ticket or resume token.",
        },
        operator: {
          type: 'http',
          scheme: 'bearer',
          description: "An operator's ticket, or the token of `POST /v1/operator/session`.",
        },
        clerk: { type: 'http', scheme: 'bearer', description: 'The key of a clerk.' },
      },
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
