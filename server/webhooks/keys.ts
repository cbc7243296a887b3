/** Redis keys of outgoing webhooks: their list, what waits to be sent, and what could not be. */

import { configSlot, declareKeys, keyIn, type SlotTag } from '../redis/index.ts'

const outbox = {
  hooks: {
    type: 'zset',
    life: 'while something waits',
    holds: 'webhooks with waiting deliveries, by when the first of them is due',
  },
  'hook-due': {
    type: 'zset',
    life: 'until delivered or dead, at most 2,000',
    holds: 'deliveries to one webhook by when they are due, ms',
  },
  'hook-bodies': {
    type: 'hash',
    life: 'as hook-due',
    holds: 'what each says, as JSON, with an account number and no name',
  },
} as const

declareKeys('webhooks', {
  hooks: { slot: 'partition', ...outbox.hooks },
  'hook-due': { slot: 'partition', ...outbox['hook-due'] },
  'hook-bodies': { slot: 'partition', ...outbox['hook-bodies'] },
})
declareKeys('webhooks', {
  hooks: { slot: 'config', ...outbox.hooks },
  'hook-due': { slot: 'config', ...outbox['hook-due'] },
  'hook-bodies': { slot: 'config', ...outbox['hook-bodies'] },
  webhooks: {
    slot: 'config',
    type: 'hash',
    life: 'until removed',
    holds: 'webhooks by id: JSON {brand, url, events, ...}; secrets are derived and not stored',
  },
  'webhook-changes': {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds: 'counts changes of the list; all that watchers poll',
  },
  'webhook-counts': {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds: 'how many webhooks each brand has',
  },
  'hook-seen': {
    slot: 'config',
    type: 'zset',
    life: 'newest 50,000, 48 h',
    holds: 'deliveries that were queued by an id, by time',
  },
  'hook-dead': {
    slot: 'config',
    type: 'zset',
    life: 'newest 1,000 a brand, until replayed',
    holds: 'dead letters of a brand, as webhook.delivery, by when they died',
  },
  'hook-dead-bodies': {
    slot: 'config',
    type: 'hash',
    life: 'as hook-dead',
    holds: 'what they say',
  },
  'hook-lost': {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds: 'dead letters of each brand that gave way to newer ones',
  },
  'hook-failing': {
    slot: 'config',
    type: 'hash',
    life: 'until it answers, or is switched on or removed',
    holds: 'since when each webhook has had nothing but failures, ms',
  },
  'hook-attempts': {
    slot: 'config',
    type: 'list',
    life: 'newest 100, 30 days after the last',
    holds: 'attempts of a webhook as JSON, newest first',
  },
})

export const webhooksKey = keyIn(configSlot, 'webhooks')
export const changesKey = keyIn(configSlot, 'webhook-changes')
export const countsKey = keyIn(configSlot, 'webhook-counts')
export const seenKey = keyIn(configSlot, 'hook-seen')
export const lostKey = keyIn(configSlot, 'hook-lost')
export const failingKey = keyIn(configSlot, 'hook-failing')
export const attemptsKey = (webhook: string): string => keyIn(configSlot, 'hook-attempts', webhook)

export const hooksKey = (slot: SlotTag): string => keyIn(slot, 'hooks')
/** Deliveries to one webhook that wait in one slot, under the names that scripts use. */
export const waitingKeys = (slot: SlotTag, webhook: string) => ({
  due: keyIn(slot, 'hook-due', webhook),
  bodies: keyIn(slot, 'hook-bodies', webhook),
})
export const deadKeys = (brand: string) => ({
  dead: keyIn(configSlot, 'hook-dead', brand),
  dead_bodies: keyIn(configSlot, 'hook-dead-bodies', brand),
})
