/** Outgoing webhooks: who wants to be told of what, what waits to be sent, and what could not be. */

export { ClosedAddress, guardedLookup, isPublicAddress, literalAddress } from './address.ts'
export { type Attempt, listAttempts, logAttempt, readFailing } from './attempts.ts'
export { buryDead, getDead, type ListedDead, listDead, replayDead, type WhyDead } from './dead.ts'
export { type Addressed, type Delivery, renderDelivery, type Who } from './delivery.ts'
export { WEBHOOK_EVENT_NAMES, WEBHOOK_EVENTS, type WebhookEvent } from './events.ts'
export * from './limits.ts'
export { type Queued, queueDeliveries, queueJournalled } from './queue.ts'
export { signingKeys, webhookSecret } from './secret.ts'
export { forgetWebhook, settle } from './settle.ts'
export {
  addWebhook,
  changeSecret,
  getWebhook,
  listWebhooks,
  removeWebhook,
  switchOff,
  switchOn,
  type Webhook,
} from './subscriptions.ts'
export { dueWebhooks, takeDue } from './take.ts'
export { checkTarget } from './target.ts'
export { type Telling, tellBrand } from './tell.ts'
export { type WebhookWatch, watchWebhooks } from './watch.ts'
