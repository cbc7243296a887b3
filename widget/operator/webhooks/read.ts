/** Webhooks as the API tells of them. */

export interface Webhook {
  id: string
  url: string
  events: string[]
  active: boolean
  /** Why it was switched off. */
  offWhy?: string
  createdAtMs: number
  /** Nothing has arrived since then. */
  failingSinceMs?: number
}

export interface Attempt {
  id: string
  type: string
  attempt: number
  atMs: number
  tookMs: number
  /** 0 where none came. */
  status: number
  why?: string
}

export interface Dead {
  /** Names it for replay. */
  name: string
  webhook: string
  id: string
  type: string
  atMs: number
  diedAtMs: number
  attempts: number
  why: 'exhausted' | 'off' | 'full'
}

export interface DeadPage {
  dead: Dead[]
  next?: string
  /** Dead letters that gave way to newer ones, ever. */
  lost: number
}

/** What a dead letter would have said. */
export interface Letter {
  type: string
  /** Of the account it is about. */
  number?: string
  data: Record<string, unknown>
}
