/** Tells a Redis that cannot be reached or takes nothing now from a fault of ours. */

import { Uncertain } from './certain.ts'

/** First words of what Redis and its client say then; what was asked may have been done, or not. */
const AWAY = [
  // Redis itself: no master for a slot, one that starts, or follows another, or has no room.
  ...[
    'CLUSTERDOWN',
    'TRYAGAIN',
    'LOADING',
    'MASTERDOWN',
    'READONLY',
    'MISCONF',
    'NOREPLICAS',
    'OOM',
  ],
  // The client: nobody there, or nobody who knows where.
  ...['Connection is closed', 'Too many Cluster redirections', 'Failed to refresh slots cache'],
  ...['None of startup nodes is available', 'Cluster isn', "Stream isn't writeable"],
  ...['Reached the max retries per request', 'Socket timeout', 'Command timed out'],
  ...['connect E', 'read E', 'write E'],
]

/**
 * What was said where the cause is that Redis is away; undefined for any other fault. It comes back by itself, and the same
 * request, repeated under its id, is done once: whoever asked is told to come again, and nobody is sent to look for a fault in us.
 */
export function whyAway(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const isKnown = AWAY.some((words) => error.message.startsWith(words))
  return isKnown || error instanceof Uncertain ? error.message : undefined
}
