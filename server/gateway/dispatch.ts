/** From a frame to a handler: name, role, limit, shape, in this order; every answer goes through here. */

import type { ZodType } from 'zod'
import { type Refusal, refuse } from '../../shared/errors.ts'
import {
  type CommandName,
  commands,
  type InputOf,
  type Limit,
  type Role,
} from '../../shared/protocol/index.ts'
import { fieldOf, type Log, randomId } from '../kernel/index.ts'
import { whyAway } from '../redis/index.ts'
import type { Buckets } from './buckets.ts'
import type { HotCommand } from './hot.ts'
import type { Ack, Said } from './sockets.ts'

/** When a client may ask again where Redis is away. */
const AWAY_AFTER_MS = 1000

export type Answer = { ok: true } | Refusal
/** Undefined: the handler answers later by itself. */
export type Handler<N extends CommandName, C> = (
  caller: C,
  input: InputOf<N>,
  ack: Ack,
) => Answer | undefined | Promise<Answer | undefined>
export type Handlers<C> = { [N in CommandName]: Handler<N, C> }

/** What of a command its answer needs. */
export interface Asked {
  command: CommandName | 'unknown'
  ack: Ack
  /** Of scored commands, as far as it could be read. */
  seq: number | undefined
}

export interface Caller {
  role: Role
  buckets: Buckets
  /** Counts an input that does not fit the protocol; too many end the connection. */
  bad(): void
  /** Also where nobody waits for it, so that it is counted. */
  answer(asked: Asked, body: Answer): void
}

const isCommand = (name: unknown): name is CommandName =>
  typeof name === 'string' && Object.hasOwn(commands, name)

function seqOf(input: unknown): number | undefined {
  if (typeof input !== 'object' || input === null || !('seq' in input)) return undefined
  return typeof input.seq === 'number' ? input.seq : undefined
}

const askedOf = ({ name, seq }: HotCommand, ack: Ack): Asked => ({ command: name, ack, seq })

/** Who may, and how often. */
interface Rule {
  roles: readonly Role[]
  limit: Limit
}

export interface DispatchOptions<C extends Caller> {
  handlers: Handlers<C>
  now: () => number
  log: Log
}

export interface Dispatch<C extends Caller> {
  command(caller: C, said: Said): void
  /** One whose shape has been checked. */
  hot(caller: C, command: HotCommand): void
}

export function createDispatch<C extends Caller>(options: DispatchOptions<C>): Dispatch<C> {
  const { handlers, now, log } = options
  const hotOne = <N extends HotCommand['name']>(name: N) => ({
    rule: commands[name] as Rule,
    handler: handlers[name] as (caller: C, command: HotCommand, ack: Ack) => void,
  })
  const [hotLike, hotBeat] = [hotOne('like.send'), hotOne('watch.beat')]

  /** Who has been logged for asking what the role may not. */
  const told = new WeakSet<C>()

  /** Why the caller may not do this now; undefined where it may. */
  function barred(caller: C, name: CommandName, { roles, limit }: Rule): Refusal | undefined {
    if (!roles.includes(caller.role)) {
      // Once each: whoever asks for nothing else would fill the log.
      if (!told.has(caller))
        log.warn({ command: name, callerRole: caller.role }, 'a role asked for what it may not')
      told.add(caller)
      caller.bad()
      return refuse('forbidden')
    }
    const afterMs = caller.buckets.take(name, limit, now())
    return afterMs > 0 ? refuse('rate_limited', { afterMs }) : undefined
  }

  function failed(caller: C, asked: Asked, error: unknown): void {
    const why = whyAway(error)
    if (why !== undefined) {
      log.warn({ why, command: asked.command }, 'Redis is away: a command waits')
      caller.answer(asked, refuse('busy', { afterMs: AWAY_AFTER_MS }))
      return
    }
    const errorId = randomId(6)
    log.error({ err: error, errorId, command: asked.command }, 'a command failed')
    caller.answer(asked, refuse('internal', { errorId, afterMs: 1000 }))
  }

  function run(caller: C, input: unknown, asked: Asked & { command: CommandName }): void {
    const answer = (body: Answer | undefined): void => {
      if (body) caller.answer(asked, body)
    }
    try {
      const handler = handlers[asked.command] as Handler<CommandName, C>
      const body = handler(caller, input as InputOf<CommandName>, asked.ack)
      if (body instanceof Promise)
        body.then(answer).catch((error: unknown) => failed(caller, asked, error))
      else answer(body)
    } catch (error) {
      failed(caller, asked, error)
    }
  }

  /** What `run` does for commands that scoring answers later; they are many, so nothing is made for them in advance. */
  function runHot(caller: C, command: HotCommand): void {
    const { rule, handler } = command.name === 'like.send' ? hotLike : hotBeat
    const ack = command.ack < 0 ? undefined : command.ack
    const refusal = barred(caller, command.name, rule)
    if (refusal) return caller.answer(askedOf(command, ack), refusal)
    try {
      handler(caller, command, ack)
    } catch (error) {
      failed(caller, askedOf(command, ack), error)
    }
  }

  return {
    command(caller, { name, input, ack }) {
      const seq = seqOf(input)
      if (!isCommand(name)) {
        caller.bad()
        return caller.answer({ command: 'unknown', ack, seq }, refuse('unknown_command'))
      }
      const asked = { command: name, ack, seq }
      const refusal = barred(caller, name, commands[name])
      if (refusal) return caller.answer(asked, refusal)
      const parsed = (commands[name].input as ZodType).safeParse(input)
      if (parsed.success) return run(caller, parsed.data, asked)
      caller.bad()
      caller.answer(asked, refuse('bad_request', { field: fieldOf(parsed.error, 'input') }))
    },

    hot: runHot,
  }
}
