/** A consumer of a Redis stream: takes entries, has them delivered, and acknowledges what the API has decided. */

import type { Clock, Log } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import type { Courier, Refused } from './courier.ts'
import { Lanes } from './lanes.ts'
import {
  BATCH_MAX,
  BLOCK_MS,
  GRACE_MS,
  LEFT_MS,
  PENDING_MAX,
  TAKEN_MAX,
  TEND_MS,
  TRIES_MAX,
  WAIT_MAX_MS,
} from './limits.ts'
import { type Message, readMessage } from './message.ts'
import * as metrics from './metrics.ts'
import { giveUp, type QueueName, tend } from './scripts.ts'

interface ConsumerDeps extends QueueName {
  /** For everything but waiting. */
  store: Store
  /** Its reads block. */
  reader: Store
  /** Among the consumers of the group; two processes never share one. */
  name: string
  courier: Courier
  clock: Clock
  log: Log
  /** As in limits.ts, unless a test is in a hurry. */
  times?: { tendMs: number; leftMs: number; blockMs: number }
}

const TIMES = { tendMs: TEND_MS, leftMs: LEFT_MS, blockMs: BLOCK_MS }

/** The field of an entry that holds the message. */
const FIELD = 'message'

type Entry = [id: string, fields: readonly string[] | null]

export class Consumer {
  readonly #deps: Required<ConsumerDeps>
  readonly #lanes = new Lanes()
  readonly #taken = new Set<string>()
  readonly #stopping = new AbortController()
  /** Ends what is under way. */
  readonly #ending = new AbortController()
  #running: Promise<void> | undefined
  /** Wakes the loop where it waits for room. */
  #wake: () => void = () => undefined
  #cursor = '0-0'
  #pending = 0
  #tendAtMs = 0
  #problem = ''

  constructor({ times = TIMES, ...deps }: ConsumerDeps) {
    this.#deps = { ...deps, times }
  }

  /** Why nothing is taken from the queue; empty where all is well. */
  get problem(): string {
    return this.#problem
  }

  start(): this {
    this.#running = this.#run()
    return this
  }

  /** Takes no more and waits for what is under way; what is not decided in time stays for others. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake()
    await this.#running
    const cancel = this.#deps.clock.after(GRACE_MS, () => this.#ending.abort())
    while (this.#taken.size > 0) await this.#room()
    cancel()
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#deps
    let isOpen = false
    while (!this.#stopping.signal.aborted) {
      try {
        if (!isOpen) await this.#open()
        isOpen = true
        await this.#turn()
        this.#problem = ''
      } catch (error) {
        // The stream may have been deleted, or be another Redis'.
        isOpen = false
        const reason = error instanceof Error ? error.message : String(error)
        if (reason !== this.#problem) log.warn({ reason }, 'the queue cannot be read')
        this.#problem = reason
        await clock.sleep(WAIT_MAX_MS / 5, this.#stopping.signal)
      }
    }
  }

  async #open(): Promise<void> {
    const { store, stream, group } = this.#deps
    await store.xgroup('CREATE', stream, group, '0', 'MKSTREAM').catch((error: unknown) => {
      if (!String(error).includes('BUSYGROUP')) throw error
    })
  }

  async #turn(): Promise<void> {
    const { clock, times } = this.#deps
    if (clock.now() >= this.#tendAtMs) {
      await this.#tend()
      this.#tendAtMs = clock.now() + times.tendMs
    }
    const room = Math.min(TAKEN_MAX - this.#taken.size, BATCH_MAX)
    if (room > 0 && this.#pending < PENDING_MAX) this.#takeAll(await this.#read(room))
    else await this.#room()
  }

  async #read(room: number): Promise<Entry[]> {
    const { reader, stream, group, name, times } = this.#deps
    const answer = (await reader.xreadgroup(
      ...(['GROUP', group, name, 'COUNT', room, 'BLOCK', times.blockMs] as const),
      ...(['STREAMS', stream, '>'] as const),
    )) as [stream: string, entries: Entry[]][] | null
    return answer?.[0]?.[1] ?? []
  }

  /** Says that we still work on what we took, claims what nobody works on, and measures. */
  async #tend(): Promise<void> {
    const { store, stream, group, name, clock, times } = this.#deps
    if (this.#taken.size > 0) {
      // How often they were given out stays as it is.
      await store.call('XCLAIM', stream, group, name, 0, ...this.#taken, 'JUSTID')
    }
    const room = TAKEN_MAX - this.#taken.size
    if (room > 0) {
      const [cursor, entries] = (await store.xautoclaim(
        ...([stream, group, name, times.leftMs, this.#cursor, 'COUNT', room] as const),
      )) as [string, Entry[]]
      this.#cursor = cursor
      this.#takeAll(entries)
    }
    const { lag, pending, oldestAtMs } = await tend(store, { stream, group })
    this.#pending = pending
    metrics.lag.set(lag)
    metrics.pending.set(pending)
    metrics.oldestMs.set(oldestAtMs === 0 ? 0 : Math.max(0, clock.now() - oldestAtMs))
  }

  #takeAll(entries: readonly Entry[]): void {
    for (const [id, fields] of entries) {
      if (this.#taken.has(id)) continue
      this.#taken.add(id)
      this.#work(id, fields ?? [])
        .catch((error: unknown) => {
          // It stays pending: whoever claims it learns from the API that it was taken.
          this.#deps.log.warn({ err: error, entry: id }, 'an entry is left for later')
        })
        .finally(() => {
          this.#taken.delete(id)
          this.#wake()
        })
    }
  }

  async #work(id: string, fields: readonly string[]): Promise<void> {
    const at = fields.findIndex((field, i) => i % 2 === 0 && field === FIELD)
    const text = fields[at + 1] ?? ''
    const read = at < 0 ? undefined : readMessage(Buffer.from(text))
    if (!read?.ok) {
      const field = read?.field ?? FIELD
      const message = at < 0 ? JSON.stringify(fields) : text
      return this.#giveUp({ id, message, why: { code: 'bad_request', field }, tries: 0 })
    }
    await this.#lanes.run(read.message.about, () => this.#deliver(id, text, read.message))
  }

  async #deliver(id: string, text: string, message: Message): Promise<void> {
    const { store, stream, group, courier } = this.#deps
    const outcome = await courier.deliver(message, this.#ending.signal)
    switch (outcome.tag) {
      case 'taken':
        await store.xack(stream, group, id)
        return
      case 'refused':
        return this.#giveUp({ id, message: text, why: outcome.why, tries: 0 })
      case 'later':
        return this.#giveUp({ id, message: text, why: outcome.why, tries: TRIES_MAX })
      case 'stopped':
        return
      default:
        return outcome satisfies never
    }
  }

  async #giveUp(of: { id: string; message: string; why: Refused; tries: number }): Promise<void> {
    const { store, stream, group, log } = this.#deps
    const { id: entry, message, why, tries } = of
    const end = await giveUp(store, { stream, group, entry, message, why, tries })
    if (end === 'blocked') throw new Error('the key of the dead letters is no stream')
    if (end !== 'buried') return
    metrics.refused.inc({ code: why.code })
    log.warn({ entry, ...why }, 'a message is given up')
  }

  /** Resolves when an entry is done with, at the latest when it is time to tend. */
  #room(): Promise<void> {
    const { clock, times } = this.#deps
    return new Promise((resolve) => {
      const cancel = clock.after(times.tendMs, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}
