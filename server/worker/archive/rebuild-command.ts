/** `archive rebuild` and `archive compare`. */

import type { Config } from '../../config.ts'
import { createLog, systemClock } from '../../kernel/index.ts'
import { connect, type Partitions, type Store } from '../../redis/index.ts'
import { emptyTotals, imbalance } from '../../wallet/index.ts'
import { olderKey } from '../keys.ts'
import { PROBLEMS_SHOWN } from '../limits.ts'
import { addSums, COUNTERS } from '../sums.ts'
import { type ReadAnchors, witnessesOf } from './anchors.ts'
import { type Comparison, comparePartition } from './compare.ts'
import { inTheWay, type Rebuilt, rebuildPartition } from './rebuild.ts'
import { rebuildFriends } from './rebuild-friends.ts'

/** Code 1 where something differs, 2 where the arguments are wrong. */
export interface Answer {
  text: string
  code: number
}

const pad = (text: string | number, width: number) => String(text).padStart(width)

/** Problems with their partition, as many as fit on a screen. */
function listed(all: readonly { partition: number; problems: readonly string[] }[]): string[] {
  const lines = all.flatMap(({ partition, problems }) =>
    problems.map((problem) => `partition ${partition}: ${problem}`),
  )
  const more = lines.length - PROBLEMS_SHOWN
  return [...lines.slice(0, PROBLEMS_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])]
}

export async function rebuildCommand(of: {
  config: Config
  partitions: Partitions
  dataDirs: readonly string[]
  anchors: ReadAnchors
  /** In place of what is there, where Redis is older than the archive. */
  over: boolean
}): Promise<Answer> {
  const { config, partitions, dataDirs, anchors, over } = of
  const store = await connect(config.redis.url.reveal())
  try {
    const way = over ? await notOlder(store) : await notEmpty(store, partitions)
    if (way !== '') return { text: way, code: 1 }
    const rebuilt: Rebuilt[] = []
    for (const [index, slot] of partitions.slots.entries())
      rebuilt.push(
        await rebuildPartition(
          {
            ...{ store, partitions, dataDirs, clock: systemClock, over },
            log: createLog('warn', 'archive'),
            witnesses: (partition) => witnessesOf(anchors.anchors, partition),
          },
          { index, slot },
        ),
      )
    await rebuildFriends(
      store,
      partitions,
      rebuilt.flatMap(({ invited, problems }) => (problems.length > 0 ? [] : invited)),
    )
    return renderRebuilt(rebuilt)
  } finally {
    store.disconnect()
  }
}

async function notEmpty(store: Store, partitions: Partitions): Promise<string> {
  const keys = await inTheWay(store, partitions)
  return keys.length > 0
    ? `This Redis is not empty: it has ${keys.slice(0, 5).join(', ')}. Where it is an old backup, add --over.`
    : ''
}

/** Nothing is thrown away that a worker has not found to be old. */
const notOlder = async (store: Store): Promise<string> =>
  (await store.exists(olderKey)) === 1
    ? ''
    : 'No worker has found this Redis to be older than its archive: start one, or empty this Redis.'

function renderRebuilt(rebuilt: readonly Rebuilt[]): Answer {
  const lines = [
    `${pad('partition', 9)}${pad('elements', 12)}${pad('accounts', 12)}${pad('holds', 8)}`,
  ]
  const total = emptyTotals()
  for (const { partition, elements, accounts, holds, totals } of rebuilt) {
    addSums(total, totals)
    lines.push(`${pad(partition, 9)}${pad(elements, 12)}${pad(accounts, 12)}${pad(holds, 8)}`)
  }
  lines.push(
    '',
    ...COUNTERS.map((counter) => `${counter.padEnd(16)}${pad(total[counter], 18)}`),
    '',
  )
  const problems = listed(rebuilt)
  lines.push(...problems)
  const sealed = rebuilt.reduce((all, one) => all + one.sealed, 0)
  if (sealed > 0)
    lines.push(
      `${sealed} reasons of operators stay sealed: their persons were erased, or the identities are not back.`,
    )
  const dropped = rebuilt.reduce((all, one) => all + one.dropped, 0)
  if (dropped > 0)
    lines.push(`${dropped} elements of the journal were in no archive and are gone with it.`)
  const off = imbalance(total)
  const good = problems.length === 0 && off === 0
  lines.push(
    good
      ? 'Every balance is as the archive tells. Compare before you open: archive compare.'
      : 'Partitions with problems were not written; empty this Redis before the next attempt.',
  )
  return { text: lines.join('\n'), code: good ? 0 : 1 }
}

export async function compareCommand(of: {
  config: Config
  partitions: Partitions
  only: number | undefined
  dataDirs: readonly string[]
}): Promise<Answer> {
  const { config, partitions, only, dataDirs } = of
  const store = await connect(config.redis.url.reveal())
  try {
    const compared: Comparison[] = []
    for (const [index, slot] of partitions.slots.entries())
      if (only === undefined || only === index)
        compared.push(await comparePartition(store, { index, slot }, dataDirs))
    const sum = (what: 'accounts' | 'holds' | 'elements') =>
      compared.reduce((all, one) => all + one[what], 0)
    const problems = listed(compared)
    const busy = compared.filter((one) => one.busy)
    const good = problems.length === 0 && busy.length === 0
    return {
      text: [
        ...problems,
        ...busy.map(({ partition }) => `partition ${partition}: in use, could not be compared`),
        `${sum('elements')} elements, ${sum('accounts')} accounts, ${sum('holds')} open holds`,
        good ? 'Archive and Redis agree in every lot.' : 'They do not agree.',
      ].join('\n'),
      code: good ? 0 : 1,
    }
  } finally {
    store.disconnect()
  }
}
