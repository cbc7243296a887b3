/** Watches one master: its epoch, its clock, and up to which instant its data survives a crash. */

import type { Redis } from 'ioredis'
import { type Clock, elapsedMs, type Log, must } from '../kernel/index.ts'
import { infoField, watchFile } from './holed-file.ts'

/** How an instant becomes durable: N replicas have it, or the append-only file is synced. */
export type DurableBy =
  | { kind: 'replicas'; count: number }
  | { kind: 'always' }
  | { kind: 'everysec' }

/** A replica that has not answered by then counts at the next probe. */
const WAIT_TIMEOUT_MS = 1000
/** everysec: Redis may hold a write back for up to 2 s while a sync is running, never longer without counting it. */
const EVERYSEC_LAG_MS = 2000
const PROBE_MS = { replicas: 75, always: 100, everysec: 250 } as const
/** How often the append-only file is looked at where durability does not depend on it. */
const FILE_LOOK_MS = 1000
/** Clock offsets are compared by their best-timed sample of this many. */
const OFFSETS_KEPT = 20

export interface MasterWatch {
  /** `master_replid`; empty until first known. */
  epoch(): string
  /** Redis time in ms up to which everything survives; 0 while unknown. */
  durableAtMs(): number
  /** Clock of the master less this process's monotonic clock, ms; undefined until measured. */
  offsetMs(): number | undefined
  /** Why it is not well; undefined where it is. */
  problem(): string | undefined
  /** Why what it takes is not durable, though it takes everything; undefined where it is. */
  waits(): string | undefined
  stop(): void
}

export interface WatchOptions {
  connection: Redis
  by: DurableBy
  clock: Clock
  log: Log
  onEpoch(epoch: string): void
  /** Something is wrong with this master; the topology may have changed. */
  onTrouble(): void
}

interface Step {
  replid: string
  master: boolean
}

const stepOf = (info: string): Step => ({
  replid: infoField(info, 'master_replid'),
  master: infoField(info, 'role') === 'master',
})

/** Sends commands together; throws where one of them failed. */
async function together(
  connection: Redis,
  commands: [string, ...(string | number)[]][],
): Promise<unknown[]> {
  const pipeline = connection.pipeline()
  for (const [name, ...args] of commands) pipeline.call(name, ...args)
  const results = must(await pipeline.exec(), 'results of a pipeline')
  return results.map(([error, result]) => {
    if (error) throw error
    return result
  })
}

const INFO: [string, string] = ['INFO', 'replication']

export function watchMaster({
  connection,
  by,
  clock,
  log,
  onEpoch,
  onTrouble,
}: WatchOptions): MasterWatch {
  const stopping = new AbortController()
  const file = watchFile(connection, log)
  let lookedAtMs = Number.NEGATIVE_INFINITY
  const offsets: { rttMs: number; offsetMs: number }[] = []
  let epoch = ''
  let durableAtMs = 0
  let problem: string | undefined = 'not reached yet'
  let waits: string | undefined
  let answeredAt = elapsedMs()
  let delayed = { count: -1, untilMs: 0 }

  function adopt(step: Step): boolean {
    if (!step.master || step.replid === '') return false
    if (step.replid === epoch) return true
    epoch = step.replid
    durableAtMs = 0
    delayed = { count: -1, untilMs: 0 }
    onEpoch(epoch)
    return true
  }

  const readFileInfo = async (): Promise<string> =>
    String((await together(connection, [['INFO', 'persistence', 'errorstats']]))[0])

  /** Where replicas make durable: the file matters at the next start only. */
  async function lookAtFile(): Promise<void> {
    const atMs = elapsedMs()
    if (atMs - lookedAtMs < FILE_LOOK_MS) return
    lookedAtMs = atMs
    const info = await readFileInfo()
    if (infoField(info, 'aof_enabled') === '1') file.look(info, atMs)
  }

  /** The newest instant that is safe now, or undefined where nothing new is. */
  async function safeAt(nowMs: number): Promise<number | undefined> {
    if (by.kind === 'replicas') {
      await lookAtFile()
      // PING moves this connection's offset to the end of the stream: WAIT alone would answer at once.
      const [, acknowledged] = await together(connection, [
        ['PING'],
        ['WAIT', by.count, WAIT_TIMEOUT_MS],
      ])
      if (Number(acknowledged) >= by.count) return nowMs - 1
      waits = `only ${acknowledged} of ${by.count} replicas acknowledge: nothing becomes durable`
      return undefined
    }
    const info = await readFileInfo()
    const unreliable = file.look(info, elapsedMs())
    if (unreliable !== undefined) {
      // Without room Redis refuses every write; while the file is written anew it takes them.
      if (
        infoField(info, 'aof_last_write_status') === 'ok' &&
        infoField(info, 'aof_enabled') === '1'
      )
        waits = unreliable
      else problem = unreliable
      return undefined
    }
    // With `always` a reply comes after the sync, so TIME's own reply proves everything before it.
    if (by.kind === 'always') return nowMs - 1
    const count = Number(infoField(info, 'aof_delayed_fsync'))
    if (delayed.count >= 0 && count > delayed.count) delayed.untilMs = nowMs + EVERYSEC_LAG_MS
    delayed.count = count
    if (Number(infoField(info, 'aof_pending_bio_fsync')) > 0) return undefined
    return nowMs < delayed.untilMs ? undefined : nowMs - EVERYSEC_LAG_MS
  }

  async function probe(): Promise<void> {
    const sentAt = elapsedMs()
    const [before, time] = await together(connection, [INFO, ['TIME']])
    const rttMs = elapsedMs() - sentAt
    const [sec, micro] = time as [string, string]
    const nowMs = Number(sec) * 1000 + Math.floor(Number(micro) / 1000)
    offsets.push({ rttMs, offsetMs: nowMs - sentAt - rttMs / 2 })
    if (offsets.length > OFFSETS_KEPT) offsets.shift()
    const first = stepOf(String(before))
    if (!adopt(first)) {
      problem = 'it is not a master'
      onTrouble()
      return
    }
    problem = undefined
    waits = undefined
    const safe = await safeAt(nowMs)
    const [after] = await together(connection, [INFO])
    const last = stepOf(String(after))
    answeredAt = elapsedMs()
    if (adopt(last) && last.replid === first.replid && safe !== undefined) durableAtMs = safe
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (connection.status === 'ready') await probe()
        else problem = 'not connected'
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error)
        if (!stopping.signal.aborted) onTrouble()
      }
      await clock.sleep(PROBE_MS[by.kind], stopping.signal)
    }
  }

  connection.on('error', () => undefined)
  void run()
  return {
    epoch: () => epoch,
    durableAtMs: () => durableAtMs,
    offsetMs: () =>
      offsets.length === 0
        ? undefined
        : offsets.reduce((best, s) => (s.rttMs < best.rttMs ? s : best)).offsetMs,
    problem: () =>
      problem ??
      (elapsedMs() - answeredAt > 3 * WAIT_TIMEOUT_MS ? 'it does not answer' : undefined),
    waits: () => waits,
    stop() {
      stopping.abort()
      connection.disconnect()
    },
  }
}
