/** The consumer that turns what is journalled into deliveries, once, and only what no crash can take back. */

import type { PublishedRulebook } from '../../../shared/rulebook/schema.ts'
import { type Registry, readWhose } from '../../identity/index.ts'
import { type Log, must } from '../../kernel/index.ts'
import type { SlotTag } from '../../redis/index.ts'
import { journalKey } from '../../wallet/index.ts'
import {
  QUEUED_PER_CALL,
  type Queued,
  queueJournalled,
  type WebhookWatch,
} from '../../webhooks/index.ts'
import type { Consumer, PartitionPlace } from '../consumer.ts'
import { formatId, type JournalElement } from '../element.ts'
import { writeCursor } from '../journal.ts'
import { cursorsKey } from '../keys.ts'
import type { RoomOf } from '../places.ts'
import type { Skim } from '../reading.ts'
import { type Happening, happeningsOf } from './happenings.ts'
import { CONSUME_MS } from './limits.ts'
import type { WebhookMetrics } from './metrics.ts'

const KIND = 'webhooks'

export interface WebhooksConsumerOptions {
  registry: Registry
  rulebook: () => PublishedRulebook
  roomOf: RoomOf
  skim: Skim
  watch: WebhookWatch
  log: Log
  metrics: Pick<WebhookMetrics, 'queued' | 'dead'>
  /** Something was queued in the slot. */
  onQueued: (slot: SlotTag) => void
}

interface Found extends Happening {
  atMs: number
}

/** Deliveries of elements that follow each other, with how many elements they are the work of. */
interface Batch {
  elements: number
  deliveries: Queued[]
}

/** The brand of each account; of who was erased meanwhile there is nobody to tell. */
async function brandsOf(
  registry: WebhooksConsumerOptions['registry'],
  all: readonly Found[],
): Promise<Map<number, string>> {
  const brands = new Map<number, string>()
  const accounts = all.map(({ account }) => account)
  for (const [account, { brand }] of await readWhose(registry, accounts)) brands.set(account, brand)
  return brands
}

export function webhooksConsumer(options: WebhooksConsumerOptions): Consumer {
  const { registry, rulebook, roomOf, skim, watch, log, metrics, onQueued } = options

  /** What of an element somebody wants to hear of. */
  function found(element: JournalElement): Found[] {
    const batch = skim(element)
    if (!batch) return []
    return happeningsOf(batch, rulebook())
      .filter(({ type }) => !watch.nobodyWants(type))
      .map((happening) => ({ ...happening, atMs: batch.atMs }))
  }

  async function deliveriesOf(
    one: Found,
    of: { id: string; brand: string | undefined; sinceMs: number },
  ): Promise<Queued[]> {
    const { brand, id } = of
    if (brand === undefined) return []
    // What happened before a webhook was there is not for it.
    const wanting = watch.wanting(brand, one.type).filter((w) => w.createdAtMs <= of.sinceMs)
    if (wanting.length === 0) return []
    const { type, atMs, account, other, live } = one
    const room = await roomOf(live)
    const data = { ...one.data, ...(room !== undefined && { room, live }) }
    const who = { account, ...(other !== undefined && { other }) }
    const delivery = { type, atMs, ...who, data, attempts: 0 }
    return wanting.map((webhook) => ({ webhook: webhook.id, brand, id, delivery }))
  }

  async function batchesOf(
    index: number,
    elements: readonly JournalElement[],
  ): Promise<readonly Batch[]> {
    const all = elements.map(found)
    const brands = await brandsOf(registry, all.flat())
    let batch: Batch = { elements: 0, deliveries: [] }
    const batches = [batch]
    for (const [i, element] of elements.entries()) {
      const { ms, seq } = element.id
      const deliveries: Queued[] = []
      for (const one of all[i] ?? []) {
        const id = `p${index}-${ms}-${seq}-${one.place}`
        const of = { id, brand: brands.get(one.account), sinceMs: ms }
        deliveries.push(...(await deliveriesOf(one, of)))
      }
      if (batch.deliveries.length + deliveries.length > QUEUED_PER_CALL && batch.elements > 0) {
        batch = { elements: 0, deliveries: [] }
        batches.push(batch)
      }
      batch.elements++
      batch.deliveries.push(...deliveries)
    }
    return batches
  }

  /** False where the journal has lost the element. */
  async function queue(
    { slot, index }: PartitionPlace,
    { id }: JournalElement,
    deliveries: readonly Queued[],
  ): Promise<boolean> {
    const of = {
      slot,
      journal: journalKey(slot),
      cursors: cursorsKey(slot),
      consumer: KIND,
      last: formatId(id),
    }
    const { tag, full } = await queueJournalled(registry.store, of, deliveries)
    if (full > 0) {
      metrics.dead.inc({ why: 'full' }, full)
      log.warn({ partition: index, full }, 'too many deliveries wait; these are dead letters')
    }
    if (tag === 'gone') return false
    metrics.queued.inc(deliveries.length - full)
    if (deliveries.length > 0) onQueued(slot)
    return true
  }

  return {
    kind: KIND,
    everyMs: CONSUME_MS,
    durableOnly: true,
    ownCursor: true,
    async handle(place, elements) {
      const last = must(elements.at(-1), 'an element')
      await watch.ready()
      // Nobody wants to be told of anything: then nothing is even looked at.
      if (watch.current().size === 0) {
        await writeCursor(registry.store, place.slot, { kind: KIND, id: last.id })
        return elements.length
      }
      let done = 0
      for (const batch of await batchesOf(place.index, elements)) {
        const newest = must(elements[done + batch.elements - 1], 'an element of a batch')
        if (!(await queue(place, newest, batch.deliveries))) break
        done += batch.elements
      }
      return done
    },
  }
}
