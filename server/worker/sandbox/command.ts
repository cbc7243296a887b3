/** `npm run dry-run -- ...`: what happened, once more, by a draft or any version; changes nothing. */

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { DryRunProgress } from '../../../shared/dry-run.ts'
import { isId } from '../../../shared/ids.ts'
import { Rulebook } from '../../../shared/rulebook/schema.ts'
import type { Config } from '../../config.ts'
import { readDraft, rulebookVersion } from '../../governance/index.ts'
import { systemClock } from '../../kernel/index.ts'
import { connect, createPartitions, type Store } from '../../redis/index.ts'
import { getRoom, roomOfLive } from '../../rooms/index.ts'
import type { Answer } from '../archive/rebuild-command.ts'
import { timeOf } from '../archive/statement-command.ts'
import { type AttachedLine, attachedInput, endOf } from './attached.ts'
import { dryRun } from './dry-run.ts'
import { renderReport } from './render.ts'
import { DryRunEnded, type Sources } from './run.ts'
import { NoScratch } from './scratch.ts'

const USAGE = `dry-run [--draft | --version N | --book FILE] [--from TIME] [--to TIME] [--room ID] [--one-of N]
        [--data DIR]... [--json]
    plays the archive again: by the rules that were in force, which must make the ledger again, and beside it by
    the draft, a published version or a rulebook in a file. Without one of these only the proof.
    --from, --to    the period: dates, times or Unix ms; what is before it is played as it was
    --room          only what happened in this room's lives goes by the other rules
    --one-of        follows one account of so many; what it says of these is exact
    --data          once for each worker's folder
    Touches no balance: it has a Redis of its own (FANFARE_REDIS_SERVER).`

interface Given {
  draft: boolean
  version?: string | undefined
  book?: string | undefined
}

export interface DryRunSays {
  out: NodeJS.WritableStream
  errors: NodeJS.WritableStream
}

const progressTo = (to: NodeJS.WritableStream) => (progress: DryRunProgress) => {
  to.write(`${JSON.stringify({ progress })}\n`)
}

/** Code 1 where the ledger was not made again or there is no result, 2 where the arguments are wrong. */
export async function dryRunCommand(
  argv: readonly string[],
  config: Config,
  { out, errors }: DryRunSays,
): Promise<Answer> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      draft: { type: 'boolean', default: false },
      version: { type: 'string' },
      book: { type: 'string' },
      from: { type: 'string', default: '0' },
      to: { type: 'string' },
      room: { type: 'string' },
      'one-of': { type: 'string', default: '1' },
      data: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      attached: { type: 'boolean', default: false },
    },
  })
  const fromMs = timeOf(values.from)
  const toMs = values.to === undefined ? systemClock.now() : timeOf(values.to)
  const oneOf = Number(values['one-of'])
  const { room } = values
  const wrong =
    fromMs === undefined ||
    toMs === undefined ||
    !Number.isSafeInteger(oneOf) ||
    oneOf < 1 ||
    (room !== undefined && !isId(room)) ||
    [values.draft, values.version !== undefined, values.book !== undefined].filter(Boolean).length >
      1
  if (wrong) return { text: USAGE, code: 2 }
  const input = values.attached ? await attachedInput() : undefined
  const store = await connect(config.redis.url.reveal())
  try {
    const tried = input ?? (await readTried(store, values))
    if (typeof tried === 'string') return { text: tried, code: 1 }
    const report = await dryRun({
      asked: { fromMs, toMs, oneOf, ...(room !== undefined && { room }) },
      ...tried,
      sources: sourcesOf(store),
      partitions: createPartitions(config.redis.partitions),
      dataDirs: values.data ?? [config.dataDir],
      program: config.redis.server,
      ...{ progress: progressTo(values.attached ? out : errors), clock: systemClock },
    })
    if (input) return lineOf({ report })
    const { proof } = report
    const good = proof.sameEntries === proof.entries && proof.sameBalances === proof.balances
    return { text: values.json ? JSON.stringify(report) : renderReport(report), code: good ? 0 : 1 }
  } catch (error) {
    if (input) return lineOf(endOf(error))
    if (error instanceof DryRunEnded) return { text: `No result: ${error.message}.`, code: 1 }
    if (error instanceof NoScratch)
      return { text: `A dry run needs redis-server 7 or newer: ${error.message}.`, code: 1 }
    throw error
  } finally {
    store.disconnect()
  }
}

/** Whoever started it reads what it says. */
const lineOf = (line: AttachedLine): Answer => ({ text: JSON.stringify(line), code: 0 })

/** The rules to try, or why there are none. */
async function readTried(
  store: Store,
  { draft, version, book }: Given,
): Promise<{ book?: Rulebook; version?: number } | string> {
  if (version !== undefined) {
    const found = await rulebookVersion(store, Number(version))
    return found ? { book: found.book, version: found.version } : `There is no version ${version}.`
  }
  if (!draft && book === undefined) return {}
  const given: unknown = draft
    ? (await readDraft(store))?.book
    : JSON.parse(readFileSync(book ?? '', 'utf8'))
  if (given === undefined) return 'There is no draft.'
  const parsed = Rulebook.safeParse(given)
  if (parsed.success) return { book: parsed.data }
  const [issue] = parsed.error.issues
  return `The rules do not fit at ${issue?.path.join('.')}: ${issue?.message}`
}

/** All that a dry run asks of the live Redis; nothing of it writes. */
function sourcesOf(store: Store): Sources {
  return {
    book: (version) => rulebookVersion(store, version),
    async room(live) {
      const id = await roomOfLive(store, live)
      const room = id === undefined ? undefined : await getRoom(store, id)
      return room && { room: room.id, profile: room.profile, timeZone: room.timeZone }
    },
  }
}
