/** What a webhook can be told of. The names are what receivers subscribe to and are never reused. */

export const WEBHOOK_EVENTS = {
  ping: 'Asked for by hand, to see that deliveries arrive.',
  'tier.reached': 'An account rose to a rung of the ladder.',
  'segment.entered':
    'An account came into a segment that is told, with the pack that waits for it there, if any.',
  'segment.left': 'An account left a segment that is told.',
  'tier.day_pass': 'An account counts some rungs higher until its day ends; growth and tier stay.',
  'tier.warned': 'An account will fall a rung unless it gathers growth in time.',
  'tier.lost': 'An account fell one rung, because it gathered too little growth in time.',
  'privileges.gained': 'An account rose, and has privileges that it had not before.',
  'privileges.lost': 'An account fell, and has privileges no more.',
  'growth.changed':
    'Growth came or went without an action: by an operator, a refund, an invite or a merge; with the tier it led to.',
  'account.frozen': 'An operator froze an account: it neither earns nor spends.',
  'account.unfrozen': 'An account is as before it was frozen.',
  'account.merged': 'What another account of the same person had came to this one.',
  'points.adjusted': 'An operator gave points.',
  'points.revoked': 'Points were taken back, by an operator or because an order was refunded.',
  'points.spent': 'Points were spent at the checkout, on an effect or on a draw.',
  'points.refunded': 'Points that were spent came back.',
  'points.expired':
    'Points were not used in time. Session points at the end of a live are not told.',
  'points.expiring': 'Points will expire soon unless they are used.',
  'points.burn_week': 'The burn week has begun: what the points that expire can still buy is open.',
  'points.due': 'Points that were pending can be spent.',
  'points.sent': 'A viewer sent points to another.',
  'points.received': 'A viewer received points from another.',
  'reward.redeemed': 'A reward was redeemed: points and stock are taken.',
  'reward.refunded': 'A redemption was cancelled: points and stock are back.',
  'reward.pickup_ending': 'The pick-up code of a redemption ends soon, and was not used yet.',
  'webhook.off':
    'Another webhook of the brand was switched off: its receiver answered 410, or nothing but failures for 5 days.',
  'replay.ready':
    'A live that ended can be watched again, at an address that its merchant has said.',
  'reward.low_stock': 'Of a reward little is left.',
  'reward.sold_out': 'Of a reward nothing is left.',
  'economy.alarm':
    "A closed day of the economy is worse or better than the one before, or its audit proposes a burn week. Only the platform's own brand is told.",
  'experiment.stopped':
    "An experiment, or an arm of one, ended before its time by itself: a guard, a brown-out, or another rulebook. Only the platform's own brand is told.",
} as const

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS

export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENTS) as [WebhookEvent, ...WebhookEvent[]]
