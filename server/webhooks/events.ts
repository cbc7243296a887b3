/** What a webhook can be told of. The names are what receivers subscribe to and are never reused. */

export const WEBHOOK_EVENTS = {
  ping: 'Asked for by hand, to see that deliveries arrive.',
  'tier.reached': 'An account rose to a rung of the ladder.',
} as const

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS

export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENTS) as [WebhookEvent, ...WebhookEvent[]]
