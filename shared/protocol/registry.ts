/** Declares commands and events once; types, dispatch, AsyncAPI and load-test payloads derive from it. */

import type { z } from 'zod'
import type { ErrorCode } from '../errors.ts'

/** Raised when something is removed or narrowed; the server speaks this one and the one before. */
export const PROTOCOL = 1

export type Role = 'viewer' | 'host' | 'stage' | 'operator'

export interface Limit {
  /** Commands that may come at once. */
  burst: number
  perMinute: number
}

export interface Command<Input extends z.ZodType = z.ZodType, Reply = unknown> {
  what: string
  roles: readonly Role[]
  limit: Limit
  /** Scored commands carry a sequence number and are credited exactly once. */
  scored: boolean
  input: Input
  refusals: readonly ErrorCode[]
  /** Type only; never present at run time. */
  readonly reply?: Reply
}

/** A command that changes points: exactly once by (client session, seq). */
export const scoredCommand = <Input extends z.ZodType>(
  spec: Omit<Command<Input>, 'scored' | 'reply'>,
) => ({ ...spec, scored: true as const })

/** `command<Reply>()({...})`: the reply's type first, so that the input's is inferred. */
export const command =
  <Reply>() =>
  <Input extends z.ZodType>(
    spec: Omit<Command<Input>, 'scored' | 'reply'>,
  ): Command<Input, Reply> & {
    scored: false
  } => ({ ...spec, scored: false as const })

export interface EventSpec<Body> {
  what: string
  readonly body?: Body
}

export const event = <Body>(what: string): EventSpec<Body> => ({ what })
