/** `npm run archive -- verify | anchor`: the archive of the journals, without the service. */

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
import type { JournalElement } from '../element.ts'
import { readAfter } from '../journal.ts'
import { ELEMENTS_PER_STEP } from '../limits.ts'
import { anchorKey, readAnchors, witnessesOf, writeAnchor } from './anchors.ts'
import type { Link } from './chain.ts'
import { readHead } from './head.ts'
import { renderVerification } from './report.ts'
import { type LivePartition, type Verification, verifyPartition } from './verify.ts'

const USAGE = `archive verify [--partition N] [--data DIR]... [--anchors FILE] [--offline]
    proves that nothing was changed or lost; --data once for each worker's folder; --offline asks no Redis
archive anchor
    writes a signed line with the state of the archive into the file of anchors, to be published`

interface Answer {
  text: string
  code: number
}

interface Options {
  partition?: string
  data?: string[]
  anchors?: string
  offline?: boolean
}

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
    },
  })
  const [verb] = positionals
  const partitions = createPartitions(config.redis.partitions)
  if (verb === 'verify') return verify(values, config, partitions)
  if (verb === 'anchor') return anchor(config, partitions)
  return { text: USAGE, code: 2 }
}

const keysOf = (config: Config) => config.keys.sessions.map(anchorKey)

async function verify(values: Options, config: Config, partitions: Partitions): Promise<Answer> {
  const only = values.partition === undefined ? undefined : Number(values.partition)
  if (only !== undefined && partitions.slots[only] === undefined) return { text: USAGE, code: 2 }
  const { anchors, problems, unsigned } = readAnchors(
    values.anchors ?? config.anchorsFile,
    keysOf(config),
  )
  const store = values.offline ? undefined : await connect(config.redis.url.reveal())
  try {
    const found: Verification[] = []
    for (const [partition, slot] of partitions.slots.entries()) {
      if (only !== undefined && partition !== only) continue
      found.push(
        await verifyPartition({
          partition,
          dataDirs: values.data ?? [config.dataDir],
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
  async *after(link: Link): AsyncGenerator<JournalElement> {
    for (let after = link.id; ; ) {
      const some = await readAfter(store, slot, { after, limit: ELEMENTS_PER_STEP })
      yield* some
      const last = some.at(-1)
      if (!last) return
      after = last.id
    }
  },
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
