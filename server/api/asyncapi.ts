/** AsyncAPI 3.0, from the registry of commands and events. */

import { z } from 'zod'
import { ERRORS, GOODBYES } from '../../shared/errors.ts'
import { commands, events, PROTOCOL } from '../../shared/protocol/index.ts'
import { createSchemas, type Schemas } from './openapi.ts'
import { RefusalShape } from './shapes/refusal.ts'
import { eventBodies, HandshakeShape } from './socket-events.ts'
import { replyShapes, ScoredShape } from './socket-replies.ts'

type Json = Record<string, unknown>

const INFO = `Socket.IO 4 over WebSocket only, path \`/socket.io/\`, default namespace. The event name is the command's name, the first argument the input, and the acknowledgement the answer: \`{ok: true, ...}\` or a refusal \`{ok: false, code, retry}\`.

The \`auth\` of the handshake is \`components.schemas.Handshake\`. What refuses it comes as \`connect_error\`, a Refusal in its \`data\`. The first event is \`session.welcomed\`, the last one \`server.goodbye\`; below 4500 its code means come back.

Commands with \`seq\` are counted once by (client session, seq): number them from 1, send again with the same number what was not answered, also after a reconnect with the \`session\` of the welcome, and begin a new session at 1 where \`session_expired\` is answered.

With \`acks: "watermark"\` in \`auth\` a scored command may be sent without an acknowledgement. All that were scored together are then answered by one \`commands.scored\`, which says up to where the session is applied; one that was not credited is answered by \`command.refused\`.`

const Done = z.object({ ok: z.literal(true) })
const Refusal = { $ref: '#/components/schemas/Refusal' }

const told: Readonly<Record<string, z.ZodType>> = replyShapes

function commandParts({ of }: Schemas): { messages: Json; operations: Json } {
  const messages: Json = {}
  const operations: Json = {}
  for (const [name, spec] of Object.entries(commands)) {
    const { what, roles, limit, scored, input, refusals } = spec
    const codes = refusals.map((code) => `\`${code}\`: ${ERRORS[code].what}`).join('\n')
    messages[name] = {
      name,
      summary: what,
      description: `For: ${roles.join(', ')}. At most ${limit.perMinute} a minute, ${limit.burst} at once.${scored ? ' Counted exactly once by (client session, seq).' : ''}\n\nRefusals:\n${codes}`,
      payload: of(input, 'input'),
    }
    messages[`${name}.ack`] = {
      name: `${name}.ack`,
      summary: `Answer to ${name}`,
      payload: {
        oneOf: [
          scored ? { $ref: '#/components/schemas/Scored' } : of(told[name] ?? Done, 'output'),
          Refusal,
        ],
      },
    }
    operations[name] = {
      action: 'receive',
      channel: { $ref: '#/channels/room' },
      summary: what,
      messages: [{ $ref: `#/channels/room/messages/${name}` }],
      reply: {
        channel: { $ref: '#/channels/room' },
        messages: [{ $ref: `#/channels/room/messages/${name}.ack` }],
      },
    }
  }
  return { messages, operations }
}

function eventParts({ of }: Schemas): { messages: Json; operations: Json } {
  const messages: Json = {}
  const operations: Json = {}
  for (const [name, schema] of Object.entries(eventBodies)) {
    const { what } = events[name as keyof typeof events]
    messages[name] = { name, summary: what, payload: of(schema, 'output') }
    operations[name] = {
      action: 'send',
      channel: { $ref: '#/channels/room' },
      summary: what,
      messages: [{ $ref: `#/channels/room/messages/${name}` }],
    }
  }
  return { messages, operations }
}

/** Where nobody has said where the sockets are. */
const LOCAL = new URL('http://localhost:7071')

/** What does not depend on where it is served. */
let made: Json | undefined

/** The document, as JSON text. The server is the party it describes. */
export function asyncapi(gateway = LOCAL): string {
  const { protocol, host } = gateway
  const server = { host, protocol: protocol === 'https:' ? 'wss' : 'ws', pathname: '/socket.io/' }
  made ??= describe()
  return `${JSON.stringify({ ...made, servers: { gateway: server } }, null, 2)}\n`
}

function describe(): Json {
  const schemas = createSchemas()
  const fromCommands = commandParts(schemas)
  const fromEvents = eventParts(schemas)
  return {
    asyncapi: '3.0.0',
    info: { title: 'Fanfare sockets', version: String(PROTOCOL), description: INFO },
    defaultContentType: 'application/json',
    servers: {},
    channels: {
      room: {
        address: '/',
        description: `The room that the ticket names. Goodbyes: ${Object.entries(GOODBYES)
          .map(([reason, code]) => `${code} ${reason}`)
          .join(', ')}.`,
        messages: { ...fromCommands.messages, ...fromEvents.messages },
      },
    },
    operations: { ...fromCommands.operations, ...fromEvents.operations },
    components: {
      schemas: {
        Handshake: schemas.of(HandshakeShape, 'input'),
        Refusal: schemas.of(RefusalShape, 'output'),
        Scored: schemas.of(ScoredShape, 'output'),
        ...schemas.components,
      },
    },
  }
}
