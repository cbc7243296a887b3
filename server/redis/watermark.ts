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
/** What a clock is off by more than two samples can be wrong by, it was set by somebody. */
const STEP_MS = 500

export interface WatchOptions {
  connection: Redis
  by: DurableBy
  clock: Clock
  log: Log
  /** `isSetBack`: because its clock was set back, not because another took over. */
  onEpoch(epoch: string, isSetBack: boolean): void
  /** Something is wrong with this master; the topology may have changed. */
  onTrouble(): void
}

/** Clock of the master less this process's monotonic one, and how long it took to learn it. */
interface OffsetSample {
  rttMs: number
  offsetMs: number
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

/** Probes the master until it is stopped. */
export class MasterWatch {
  readonly #options: WatchOptions
  readonly #stopping = new AbortController()
  readonly #file: ReturnType<typeof watchFile>
  readonly #offsets: OffsetSample[] = []
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #replid = ''
  /** How often its clock was set back. */
  #setBack = 0
  #durableAtMs = 0
  #problem: string | undefined = 'not reached yet'
  #waits: string | undefined
  #answeredAt = elapsedMs()
  /** Writes that Redis has held back so far, and until when one of them may be. */
  #delayed = { count: -1, untilMs: 0 }

  constructor(options: WatchOptions) {
    this.#options = options
    this.#file = watchFile(options.connection, options.log)
    options.connection.on('error', () => undefined)
    void this.#run()
  }

  /**
   * `master_replid`, empty until first known; another one where the master's clock was set back, because what came after by the
   * old clock would become durable only when the new one has got there. What differs stands first: pulses carry the beginning.
   */
  epoch(): string {
    return this.#setBack === 0 ? this.#replid : `${this.#setBack}-${this.#replid}`
  }

  /** Redis time in ms up to which everything survives; 0 while unknown. */
  durableAtMs(): number {
    return this.#durableAtMs
  }

  /** Clock of the master less this process's monotonic clock, ms; undefined until measured. */
  offsetMs(): number | undefined {
    return this.#best()?.offsetMs
  }

  #best(): OffsetSample | undefined {
    const [first, ...others] = this.#offsets
    return first && others.reduce((best, s) => (s.rttMs < best.rttMs ? s : best), first)
  }

  /** Why it is not well; undefined where it is. */
  problem(): string | undefined {
    if (this.#problem !== undefined) return this.#problem
    const isSilent = elapsedMs() - this.#answeredAt > 3 * WAIT_TIMEOUT_MS
    return isSilent ? 'it does not answer' : undefined
  }

  /** Why what it takes is not durable, though it takes everything; undefined where it is. */
  waits(): string | undefined {
    return this.#waits
  }

  stop(): void {
    this.#stopping.abort()
    this.#options.connection.disconnect()
  }

  async #run(): Promise<void> {
    const { connection, by, clock, onTrouble } = this.#options
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        if (connection.status === 'ready') await this.#probe()
        else this.#problem = 'not connected'
      } catch (error) {
        this.#problem = error instanceof Error ? error.message : String(error)
        if (!signal.aborted) onTrouble()
      }
      await clock.sleep(PROBE_MS[by.kind], signal)
    }
  }

  /** An instant counts as durable where the epoch was the same before and after it was found to be. */
  async #probe(): Promise<void> {
    const { connection, onTrouble } = this.#options
    const { first, nowMs } = await this.#measure()
    if (!this.#adopt(first)) {
      this.#problem = 'it is not a master'
      onTrouble()
      return
    }
    this.#problem = undefined
    this.#waits = undefined
    const safe = await this.#safeAt(nowMs)
    const [after] = await together(connection, [INFO])
    const last = stepOf(String(after))
    this.#answeredAt = elapsedMs()
    if (this.#adopt(last) && last.replid === first.replid && safe !== undefined)
      this.#durableAtMs = safe
  }

  /** Where the master stands and what its clock says. */
  async #measure(): Promise<{ first: Step; nowMs: number }> {
    const sentAt = elapsedMs()
    const [info, time] = await together(this.#options.connection, [INFO, ['TIME']])
    const rttMs = elapsedMs() - sentAt
    const [sec, micro] = time as [string, string]
    const nowMs = Number(sec) * 1000 + Math.floor(Number(micro) / 1000)
    this.#learn({ rttMs, offsetMs: nowMs - sentAt - rttMs / 2 })
    return { first: stepOf(String(info)), nowMs }
  }

  #learn(sample: OffsetSample): void {
    const best = this.#best()
    const byMs = best ? sample.offsetMs - best.offsetMs : 0
    // Each is wrong by at most half its way there and back.
    if (best && Math.abs(byMs) > STEP_MS + (sample.rttMs + best.rttMs) / 2) {
      this.#offsets.length = 0
      this.#options.log.warn({ byMs: Math.round(byMs) }, 'the clock of a master was set')
      if (byMs < 0) {
        this.#setBack++
        this.#startEpoch(true)
      }
    }
    this.#offsets.push(sample)
    if (this.#offsets.length > OFFSETS_KEPT) this.#offsets.shift()
  }

  /** Takes an epoch over; false where this is no master. */
  #adopt({ master, replid }: Step): boolean {
    if (!master || replid === '') return false
    if (replid === this.#replid) return true
    this.#replid = replid
    this.#startEpoch(false)
    return true
  }

  #startEpoch(isSetBack: boolean): void {
    this.#durableAtMs = 0
    this.#delayed = { count: -1, untilMs: 0 }
    this.#options.onEpoch(this.epoch(), isSetBack)
  }

  /** The newest instant that is safe now, or undefined where nothing new is. */
  #safeAt(nowMs: number): Promise<number | undefined> {
    const { by } = this.#options
    return by.kind === 'replicas' ? this.#safeOnReplicas(by.count, nowMs) : this.#safeInFile(nowMs)
  }

  async #safeOnReplicas(count: number, nowMs: number): Promise<number | undefined> {
    await this.#lookAtFile()
    // PING moves this connection's offset to the end of the stream: WAIT alone would answer at once.
    const [, acknowledged] = await together(this.#options.connection, [
      ['PING'],
      ['WAIT', count, WAIT_TIMEOUT_MS],
    ])
    if (Number(acknowledged) >= count) return nowMs - 1
    this.#waits = `only ${acknowledged} of ${count} replicas acknowledge: nothing becomes durable`
    return undefined
  }

  /** Where replicas make durable: the file matters at the next start only. */
  async #lookAtFile(): Promise<void> {
    const atMs = elapsedMs()
    if (atMs - this.#lookedAtMs < FILE_LOOK_MS) return
    this.#lookedAtMs = atMs
    const info = await this.#readFileInfo()
    if (infoField(info, 'aof_enabled') === '1') this.#file.look(info, atMs)
  }

  async #safeInFile(nowMs: number): Promise<number | undefined> {
    const info = await this.#readFileInfo()
    const unreliable = this.#file.look(info, elapsedMs())
    if (unreliable !== undefined) {
      // Without room Redis refuses every write; while the file is written anew it takes them.
      const takesWrites =
        infoField(info, 'aof_last_write_status') === 'ok' && infoField(info, 'aof_enabled') === '1'
      if (takesWrites) this.#waits = unreliable
      else this.#problem = unreliable
      return undefined
    }
    // With `always` a reply comes after the sync, so TIME's own reply proves everything before it.
    if (this.#options.by.kind === 'always') return nowMs - 1
    const count = Number(infoField(info, 'aof_delayed_fsync'))
    if (this.#delayed.count >= 0 && count > this.#delayed.count)
      this.#delayed.untilMs = nowMs + EVERYSEC_LAG_MS
    this.#delayed.count = count
    if (Number(infoField(info, 'aof_pending_bio_fsync')) > 0) return undefined
    return nowMs < this.#delayed.untilMs ? undefined : nowMs - EVERYSEC_LAG_MS
  }

  async #readFileInfo(): Promise<string> {
    const [info] = await together(this.#options.connection, [['INFO', 'persistence', 'errorstats']])
    return String(info)
  }
}
