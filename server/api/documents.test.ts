import { expect, test } from 'vitest'
import { ERRORS } from '../../shared/errors.ts'
import { commands, events } from '../../shared/protocol/index.ts'
import { asyncapi } from './asyncapi.ts'
import { openapi } from './openapi.ts'
import { routes } from './routes/index.ts'

type Json = Record<string, unknown>
const open = JSON.parse(openapi()) as { paths: Record<string, Json>; components: Json }
const async_ = JSON.parse(asyncapi()) as {
  channels: { room: { messages: Record<string, Json> } }
  operations: Record<string, Json>
}

/** Every `$ref` of a document names something in it. */
function danglingRefs(document: unknown): string[] {
  const found = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path]) => path ?? '',
  )
  return found.filter((path) => {
    let at: unknown = document
    for (const part of path.split('/'))
      at = typeof at === 'object' && at ? (at as Json)[part] : undefined
    return at === undefined
  })
}

test('[A20] every route is described once, and nothing else', () => {
  const described = Object.entries(open.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(described.sort()).toEqual(routes.map(({ spec }) => `${spec.method} ${spec.path}`).sort())
  const ids = Object.values(open.paths).flatMap((methods) =>
    Object.values(methods).map((one) => (one as { operationId: string }).operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

test('[A20] path parameters stand in the path and in the schema', () => {
  for (const { spec } of routes) {
    const inPath = [...spec.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const methods: Json = open.paths[spec.path] ?? {}
    const described =
      (methods[spec.method.toLowerCase()] as { parameters?: Json[] }).parameters ?? []
    expect(described.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath)
  }
})

test('[A20] no reference leads nowhere', () => {
  expect(danglingRefs(open)).toEqual([])
  expect(danglingRefs(async_)).toEqual([])
  expect(danglingRefs({ a: { $ref: '#/b' } })).toEqual(['b'])
})

test('[A20] what a command answers beyond that it was done is described', () => {
  const { messages } = async_.channels.room
  expect(JSON.stringify(messages['invite.list.ack'])).toContain('leftToday')
  expect(JSON.stringify(messages['survey.answer.ack'])).not.toContain('asked')
})

test('[A20] every command with its acknowledgement and every event is described', () => {
  const names = Object.keys(commands)
  expect(Object.keys(async_.channels.room.messages).sort()).toEqual(
    [...names, ...names.map((name) => `${name}.ack`), ...Object.keys(events)].sort(),
  )
  expect(Object.keys(async_.operations).sort()).toEqual([...names, ...Object.keys(events)].sort())
})

test('[A1] a refusal is described under the status that it has', () => {
  for (const methods of Object.values(open.paths))
    for (const one of Object.values(methods) as {
      responses: Record<string, { description: string }>
    }[])
      for (const [status, { description }] of Object.entries(one.responses))
        for (const [, code = ''] of description.matchAll(/`(\w+)`: /g))
          if (code in ERRORS) expect(String(ERRORS[code as keyof typeof ERRORS].http)).toBe(status)
})
