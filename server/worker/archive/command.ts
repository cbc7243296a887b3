/** `npm run archive -- verify | anchor | rebuild | compare | statement`: the archive of the journals, without the service. */

import { parseArgs } from 'node:util'
import type { Config } from '../../config.ts'
import { systemClock } from '../../kernel/index.ts'
import {
  connect,
  createPartitions,
  type Partitions,
  type SlotTag,
  type Store,
} from '../../redis/index.ts'
import { anchorKey, type ReadAnchors, readAnchors, witnessesOf, writeAnchor } from './anchors.ts'
import { readHead, readJournalAfter } from './head.ts'
import { type Answer, compareCommand, rebuildCommand } from './rebuild-command.ts'
import { renderVerification } from './report.ts'
import { statementCommand } from './statement-command.ts'
import { type LivePartition, type Verification, verifyPartition } from './verify.ts'

const USAGE = `archive verify [--partition N] [--data DIR]... [--anchors FILE] [--offline]
    proves that nothing was changed or lost; --data once for each worker's folder; --offline asks no Redis
archive anchor
    writes a signed line with the state of the archive into the file of anchors, to be published
archive rebuild [--over] [--data DIR]... [--anchors FILE]
    makes every balance from the archive alone, in a Redis that has none; --over in one that is an old backup
archive compare [--partition N] [--data DIR]...
    replays the archive and compares it with Redis, account by account; run it while nobody earns points
archive statement --account NUMBER [--from TIME] [--to TIME] [--json] [--data DIR]...
    opening balance, every line and closing balance of a period, as CSV, from the folder alone`

/** Code 1 where something differs, 2 where the arguments are wrong. */
export async function archiveCommand(argv: readonly string[], config: Config): Promise<Answer> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      partition: { type: 'string' },
      data: { type: 'string', multiple: true },
      anchors: { type: 'string' },
      offline: { type: 'boolean' },
      account: { type: 'string' },
      from: { type: 'string', default: '0' },
      to: { type: 'string' },
      json: { type: 'boolean', default: false },
      over: { type: 'boolean', default: false },
    },
  })
  const [verb] = positionals
  const partitions = createPartitions(config.redis.partitions)
  const only = values.partition === undefined ? undefined : Number(values.partition)
  if (only !== undefined && partitions.slots[only] === undefined) return { text: USAGE, code: 2 }
  const dataDirs = values.data ?? [config.dataDir]
  const anchors = readAnchors(values.anchors ?? config.anchorsFile, keysOf(config))
  switch (verb) {
    case 'verify': {
      const offline = values.offline === true
      return verify({ config, partitions, only, dataDirs, anchors, offline })
    }
    case 'anchor':
      return anchor(config, partitions)
    case 'rebuild':
      return rebuildCommand({ config, partitions, dataDirs, anchors, over: values.over })
    case 'compare':
      return compareCommand({ config, partitions, only, dataDirs })
    case 'statement': {
      const { account, from, to, json } = values
      const nowMs = systemClock.now()
      return statementCommand({ partitions, dataDirs, account, from, to, json, nowMs })
    }
    default:
      return { text: USAGE, code: 2 }
  }
}

const keysOf = (config: Config) => config.keys.sessions.map(anchorKey)

async function verify(of: {
  config: Config
  partitions: Partitions
  only: number | undefined
  dataDirs: readonly string[]
  anchors: ReadAnchors
  offline: boolean
}): Promise<Answer> {
  const { config, partitions, only, dataDirs } = of
  const { anchors, problems, unsigned } = of.anchors
  const store = of.offline ? undefined : await connect(config.redis.url.reveal())
  try {
    const found: Verification[] = []
    for (const [partition, slot] of partitions.slots.entries()) {
      if (only !== undefined && partition !== only) continue
      found.push(
        await verifyPartition({
          partition,
          dataDirs,
          witnesses: witnessesOf(anchors, partition),
          ...(store && { live: livePartition(store, slot) }),
        }),
      )
    }
    const against = [
      ...(store ? ['the heads in Redis'] : []),
      ...(anchors.length > 0 ? [`${anchors.length} anchors, ${unsigned} unsigned`] : []),
    ]
    const good = problems.length === 0 && found.every((one) => one.problems.length === 0)
    return { text: renderVerification(found, { against, problems }), code: good ? 0 : 1 }
  } finally {
    store?.disconnect()
  }
}

export const livePartition = (store: Store, slot: SlotTag): LivePartition => ({
  head: () => readHead(store, slot),
  after: ({ id }) => readJournalAfter(store, slot, id),
})

async function anchor(config: Config, partitions: Partitions): Promise<Answer> {
  const store = await connect(config.redis.url.reveal())
  try {
    const file = config.anchorsFile
    const [key] = keysOf(config)
    const count = await writeAnchor({ store, partitions, file, key, nowMs: systemClock.now() })
    if (count === 0) return { text: 'Nothing was archived yet.', code: 1 }
    const how = key ? 'signed' : 'not signed, because there is no session secret'
    return { text: `One line for ${count} partitions, ${how}, in ${file}`, code: 0 }
  } finally {
    store.disconnect()
  }
}
