/** Sends what is due, many at once, but never many to one receiver that hangs. */

import { elapsedMs, type Log } from '../../kernel/index.ts'
import type { SlotTag, Store } from '../../redis/index.ts'
import {
  type Addressed,
  dueWebhooks,
  forgetWebhook,
  settle,
  takeDue,
  type Webhook,
  type WebhookWatch,
} from '../../webhooks/index.ts'
import type { Attempts, Due, Outcome } from './attempt.ts'
import {
  LOOK_MS,
  POSTS_MAX,
  POSTS_PER_FAILING_WEBHOOK,
  POSTS_PER_WEBHOOK,
  SEND_STOP_MS,
} from './limits.ts'

export interface SenderOptions {
  store: Store
  watch: WebhookWatch
  attempts: Attempts
  log: Log
}

/** What the sender knows of one webhook. */
interface Receiver {
  /** Under way, as slot and delivery id. */
  flying: Set<string>
  failing: boolean
  /** Readings under way, and what ended meanwhile: they may still show it. */
  readings: number
  ended: Set<string>
  /** Slots in which more is due than there was room for. */
  waiting: Set<SlotTag>
}

const nameOf = ({ slot, id }: Due): string => `${slot} ${id}`

export class Sender {
  readonly #o: SenderOptions
  readonly #receivers = new Map<string, Receiver>()
  readonly #running = new Set<Promise<void>>()
  /** elapsedMs at which a slot is looked at next. */
  readonly #lookAt = new Map<SlotTag, number>()
  #flying = 0
  #stopped = false

  constructor(options: SenderOptions) {
    this.#o = options
  }

  get inFlight(): number {
    return this.#flying
  }

  /** Something was queued in the slot just now. */
  queued(slot: SlotTag): void {
    this.#lookAt.delete(slot)
  }

  /** Looks at those of the slots whose time has come. They are this worker's alone while it may rely on them. */
  async pass(slots: readonly SlotTag[]): Promise<void> {
    if (this.#stopped) return
    for (const slot of this.#lookAt.keys()) if (!slots.includes(slot)) this.#lookAt.delete(slot)
    for (const [id, { flying }] of this.#receivers)
      if (flying.size === 0 && !this.#o.watch.current().has(id)) this.#receivers.delete(id)
    const now = elapsedMs()
    const due = slots.filter((slot) => (this.#lookAt.get(slot) ?? 0) <= now)
    await Promise.all(due.map((slot) => this.#look(slot)))
  }

  async #look(slot: SlotTag): Promise<void> {
    const { store, log } = this.#o
    this.#lookAt.set(slot, elapsedMs() + LOOK_MS)
    try {
      const { webhooks, nextMs } = await dueWebhooks(store, slot)
      if (nextMs !== undefined) this.#lookAt.set(slot, elapsedMs() + Math.min(nextMs, LOOK_MS))
      await Promise.all(webhooks.map((id) => this.#take(slot, id)))
    } catch (error) {
      log.warn({ err: error }, 'webhooks cannot be read; they are tried again')
    }
  }

  /** Begins as many deliveries to one webhook as there is room for. */
  async #take(slot: SlotTag, id: string): Promise<void> {
    const webhook = await this.#webhook(id)
    if (!webhook) return this.#forget(slot, id)
    const receiver = this.#receiver(id)
    if (this.#room(receiver) <= 0) {
      receiver.waiting.add(slot)
      return
    }
    for (const one of await this.#read(receiver, { slot, webhook: id })) {
      if (this.#room(receiver) <= 0) {
        receiver.waiting.add(slot)
        return
      }
      const due = { ...one, slot }
      this.#begin(receiver, due, () => this.#send(due, webhook))
    }
  }

  /** What is due and not under way. */
  async #read(receiver: Receiver, of: { slot: SlotTag; webhook: string }): Promise<Addressed[]> {
    // Those under way are due as well, and the oldest; one more shows that there is more.
    const limit = POSTS_PER_WEBHOOK + receiver.flying.size + 1
    receiver.readings++
    try {
      const { deliveries, unreadable } = await takeDue(this.#o.store, { ...of, limit })
      // They would stand before all others for ever.
      for (const id of unreadable) {
        this.#o.log.error({ ...of, id }, 'a delivery is unreadable and is dropped')
        await settle(this.#o.store, { ...of, id })
      }
      return deliveries.filter((one) => {
        const name = nameOf({ ...one, slot: of.slot })
        return !receiver.flying.has(name) && !receiver.ended.has(name)
      })
    } finally {
      if (--receiver.readings === 0) receiver.ended.clear()
    }
  }

  /** As it is known here, or as it is stored: a webhook may be made, or switched on, since we heard of it. */
  async #webhook(id: string): Promise<Webhook | undefined> {
    const { watch } = this.#o
    if (!watch.current().get(id)?.active) await watch.refresh()
    return watch.current().get(id)
  }

  async #forget(slot: SlotTag, webhook: string): Promise<void> {
    this.#receivers.delete(webhook)
    await forgetWebhook(this.#o.store, { slot, webhook })
  }

  #receiver(id: string): Receiver {
    let receiver = this.#receivers.get(id)
    if (!receiver) {
      receiver = {
        flying: new Set(),
        failing: false,
        readings: 0,
        ended: new Set(),
        waiting: new Set(),
      }
      this.#receivers.set(id, receiver)
    }
    return receiver
  }

  #room({ flying, failing }: Receiver): number {
    if (this.#stopped) return 0
    const most = failing ? POSTS_PER_FAILING_WEBHOOK : POSTS_PER_WEBHOOK
    return Math.min(most - flying.size, POSTS_MAX - this.#flying)
  }

  async #send(due: Due, webhook: Webhook): Promise<Outcome> {
    if (webhook.active) return this.#o.attempts.deliver(due, webhook)
    await this.#o.attempts.giveUp(due, webhook, 'off')
    return 'ok'
  }

  #begin(receiver: Receiver, due: Due, send: () => Promise<Outcome>): void {
    const name = nameOf(due)
    if (receiver.flying.has(name)) return
    receiver.flying.add(name)
    this.#flying++
    const run = send()
      .then((outcome) => this.#note(receiver, due.slot, outcome))
      .catch((error: unknown) => {
        // Nothing was settled, so it is due again at the next look.
        this.#o.log.warn({ err: error }, 'a delivery could not be settled and is tried again')
      })
      .finally(() => {
        receiver.flying.delete(name)
        if (receiver.readings > 0) receiver.ended.add(name)
        this.#flying--
        this.#running.delete(run)
        this.#goOn(receiver)
      })
    this.#running.add(run)
  }

  async #note(receiver: Receiver, slot: SlotTag, outcome: Outcome): Promise<void> {
    receiver.failing = outcome === 'failed'
    // It waits for its next attempt, which may be due before the slot would be looked at.
    if (outcome === 'failed') this.#lookAt.delete(slot)
    if (outcome === 'gone') await this.#o.watch.refresh()
  }

  /** What had no room is taken at once, so that a receiver is as fast as it answers. */
  #goOn(receiver: Receiver): void {
    const [slot] = receiver.waiting
    if (slot === undefined || this.#room(receiver) <= 0) return
    receiver.waiting.delete(slot)
    this.#lookAt.delete(slot)
    void this.#look(slot)
  }

  /** Begins nothing more and waits for what is under way, but not long. */
  async stop(cut: () => void, sleep: (ms: number) => Promise<void>): Promise<void> {
    this.#stopped = true
    const all = Promise.all(this.#running)
    await Promise.race([all, sleep(SEND_STOP_MS)])
    cut()
    await Promise.all(this.#running)
  }
}
