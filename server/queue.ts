/** `npm run ingest`: takes messages of a queue for one merchant, from a Redis stream or as lines. */

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { addAbortSignal, type Readable } from 'node:stream'
import { createWatch, listen } from './api/index.ts'
import { type IngestConfig, loadIngestConfig } from './config.ts'
import { apiKeys } from './identity/index.ts'
import { answerLines, Consumer, Courier } from './ingest/index.ts'
import { createLog, systemClock } from './kernel/index.ts'
import { connect } from './redis/index.ts'

const USAGE = 'usage: ingest stream|lines [--brand BRAND]'
/** Readings of metrics under way get this long. */
const WATCH_GRACE_MS = 1000

/** Answers the exit code. */
export function ingestCommand(argv: readonly string[]): Promise<number> {
  const [source, option, brand, ...more] = argv
  const isRight =
    (option === undefined || (option === '--brand' && brand !== undefined)) && more.length === 0
  if (!isRight || (source !== 'stream' && source !== 'lines')) throw new Error(USAGE)
  const config = loadIngestConfig(source)
  return source === 'stream' ? consume(config, brand) : answer(config, brand)
}

/** Standard output belongs to the answers. */
const openLog = (config: IngestConfig) => createLog(config.logLevel, 'ingest', process.stderr)

function openCourier(config: IngestConfig, brand: string | undefined): Courier {
  const keys = [...apiKeys(config.keys).values()]
  const key = keys.find((one) => brand === undefined || one.brand === brand)
  if (!key) throw new Error(`FANFARE_API_SECRETS has no key of ${brand ?? 'anybody'}`)
  return new Courier({ api: config.api, key, clock: systemClock, log: openLog(config) })
}

/** Aborts when the process is told to end. */
function untilTold(): AbortSignal {
  const told = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => told.abort())
  return told.signal
}

/** What is read until the signal comes, which ends a wait for more. */
async function* untilAborted(input: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of addAbortSignal(signal, input)) yield chunk
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function answer(config: IngestConfig, brand: string | undefined): Promise<number> {
  const signal = untilTold()
  const isWhole = await answerLines(untilAborted(process.stdin, signal), {
    courier: openCourier(config, brand),
    clock: systemClock,
    signal,
    async write(line) {
      if (!process.stdout.write(line)) await once(process.stdout, 'drain')
    },
  })
  return isWhole ? 0 : 1
}

async function consume(config: IngestConfig, brand: string | undefined): Promise<number> {
  const signal = untilTold()
  const log = openLog(config)
  const courier = openCourier(config, brand)
  const onError = () => undefined
  const [store, reader] = await Promise.all([
    connect(config.redisUrl, { onError }),
    connect(config.redisUrl, { onError }),
  ])
  const consumer = new Consumer({
    ...{ store, reader, courier, clock: systemClock, log },
    stream: config.stream,
    group: config.group,
    name: `${hostname()}-${randomUUID()}`,
  }).start()
  const watch = createWatch({
    log,
    site: { metricsToken: config.metricsToken },
    ready: async () => [
      { name: 'queue', ok: consumer.problem === '', detail: consumer.problem },
      { name: 'api', ok: courier.trouble === '', detail: courier.trouble },
    ],
  })
  const listening = await listen(watch, { port: config.port })
  log.info({ stream: config.stream, port: config.port }, 'ready')
  if (!signal.aborted) await once(signal, 'abort')
  await consumer.stop()
  await listening.close(WATCH_GRACE_MS)
  store.disconnect()
  reader.disconnect()
  return 0
}
