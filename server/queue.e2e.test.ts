import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { freePort } from '../loadtest/processes/free-port.ts'
import { useService } from './use-service.testing.ts'

const { apiUrl, call, connect, redisUrl } = useService()

const paid = async (viewer: string): Promise<number> => {
  const { account } = await call<{ account?: { balance: { spendable: number } } }>(
    `/v1/accounts/${viewer}`,
  )
  return account?.balance.spendable ?? 0
}
const purchase = (viewer: string, order: string) =>
  JSON.stringify({
    id: `paid-${order}`,
    event: { action: 'purchase', viewer, amountFen: 500, order },
  })
const ingest = (source: string, more: Record<string, string> = {}) =>
  spawn(process.execPath, ['dist/server/main.js', 'ingest', source], {
    env: {
      PATH: process.env.PATH,
      FANFARE_DEMO: '1',
      FANFARE_INGEST_API: apiUrl(),
      FANFARE_INGEST_REDIS_URL: redisUrl(),
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

test('[IN6 IN7 002-39] a process that is killed with messages in its hands leaves them to the next, which credits each once', async () => {
  const store = await connect()
  const put = async (from: number, to: number) => {
    for (let i = from; i < to; i++)
      await store.xadd('fanfare:messages', '*', 'message', purchase(`q${i % 40}`, `queue-${i}`))
  }
  const left = async () => {
    const [group = []] = (await store.xinfo('GROUPS', 'fanfare:messages')) as unknown[][]
    const of = (name: string) => Number(group[group.indexOf(name) + 1])
    return of('pending') + of('lag')
  }
  await put(0, 40)
  const first = ingest('stream', { FANFARE_INGEST_PORT: String(await freePort()) })
  await expect.poll(() => paid('q0')).toBeGreaterThan(0)
  await put(40, 120)
  first.kill('SIGKILL')
  await once(first, 'exit')
  // What it held is claimed when twenty seconds are over, which are made to be over now.
  const held = (await store.xpending(
    ...(['fanfare:messages', 'fanfare', '-', '+', 200] as const),
  )) as [string][]
  for (const [id] of held)
    await store.call('XCLAIM', 'fanfare:messages', 'fanfare', 'gone', 0, id, 'IDLE', 30_000)
  const port = await freePort()
  const second = ingest('stream', { FANFARE_INGEST_PORT: String(port) })
  for (let i = 0; i < 120; i++)
    await call('/v1/events', {
      body: (JSON.parse(purchase(`q${i % 40}`, `queue-${i}`)) as { event: object }).event,
      once: `paid-queue-${i}`,
    })
  await expect.poll(left).toBe(0)
  for (let i = 0; i < 3; i++)
    await call('/v1/events', {
      body: { action: 'purchase', viewer: 'by-http', amountFen: 500, order: `http-${i}-0001` },
    })
  // Three orders each, which is too little to rise a tier.
  const each = await Promise.all(Array.from({ length: 40 }, (_, i) => paid(`q${i}`)))
  expect(each).toEqual(each.map(() => each[0]))
  expect(each[0]).toBe(await paid('by-http'))
  expect(await store.exists('{fanfare:messages}:dead')).toBe(0)
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  expect(metrics).toMatch(/^fanfare_ingest_taken_total\{.*kind="event".*\} \d+$/m)
  expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()).toMatchObject({
    ok: true,
  })
  second.kill('SIGTERM')
  expect(await once(second, 'exit')).toEqual([0, null])
})

test('[IN11 002-39] the loop that docs/queues.md gives for Kafka goes on where the last answer was, whatever is cut off', async () => {
  const [, loop = ''] =
    /```sh kcat\n([\s\S]*?)```/.exec(readFileSync('docs/queues.md', 'utf8')) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-queue-'))
  const program = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  // Stands in for the broker: a message a line, from an offset on; the second run has all of them.
  const topic = Array.from({ length: 30 }, (_, i) => purchase('kay', `kafka-${i}`))
  topic[7] = 'no json'
  writeFileSync(join(folder, 'topic'), `${topic.join('\n')}\n`)
  program(
    'kcat',
    `while [ "$1" != -o ]; do shift; done
[ "$2" = beginning ] && from=0 || from=$2
head -n "\${UPTO:-99}" "$TOPIC" | awk -v from="$from" 'NR > from { print NR - 1 "\\t" $0 }'`,
  )
  program('npm', `exec "${process.execPath}" "${resolve('dist/server/main.js')}" ingest lines`)
  // Not the synchronous one: a socket that the service closes meanwhile has to be heard of.
  const run = (more: Record<string, string>) =>
    promisify(execFile)('sh', ['-c', loop], {
      cwd: folder,
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        TOPIC: join(folder, 'topic'),
        FANFARE_DEMO: '1',
        FANFARE_INGEST_API: apiUrl(),
        ...more,
      },
    })
  await run({ UPTO: '12' })
  expect(readFileSync(join(folder, 'offset'), 'utf8').trim()).toBe('12')
  const before = await paid('kay')
  // As if the newest offsets had not been written before a crash.
  writeFileSync(join(folder, 'offset'), '9\n')
  await run({})
  expect(readFileSync(join(folder, 'offset'), 'utf8').trim()).toBe('30')
  expect(await paid('kay')).toBeGreaterThan(before)
  const answers = readFileSync(join(folder, 'answers.jsonl'), 'utf8').trim().split('\n')
  expect(answers).toHaveLength(12 + 21)
  const refused = answers.map((line) => JSON.parse(line) as { ok: boolean; ref: string })
  expect(refused.filter(({ ok }) => !ok).map(({ ref }) => ref)).toEqual(['7'])
  for (let i = 0; i < 29; i++)
    await call('/v1/events', {
      body: { action: 'purchase', viewer: 'kay-http', amountFen: 500, order: `kay-${i}-0001` },
    })
  expect(await paid('kay')).toBe(await paid('kay-http'))
  rmSync(folder, { recursive: true, force: true })
})
