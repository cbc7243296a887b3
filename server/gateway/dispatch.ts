/** From a frame to a handler: name, role, limit, shape, in this order; every answer goes through here. */

import type { ZodError, ZodType } from 'zod'
import { type ErrorCode, type Refusal, refuse } from '../../shared/errors.ts'
import { type CommandName, commands, type InputOf, type Role } from '../../shared/protocol/index.ts'
import { type Log, randomId } from '../kernel/index.ts'
import type { Buckets } from './buckets.ts'

export type Answer = { ok: true } | Refusal
/** Undefined: the handler answers later by itself. */
export type Handler<N extends CommandName, C> = (
  caller: C,
  input: InputOf<N>,
  answer: (body: Answer) => void,
) => Answer | undefined | Promise<Answer | undefined>
export type Handlers<C> = { [N in CommandName]: Handler<N, C> }

export interface Caller {
  role: Role
  buckets: Buckets
  /** Counts an input that does not fit the protocol; too many end the connection. */
  bad(): void
}

/** Where a bad input is wrong. */
export function fieldOf(error: ZodError): string {
  const [issue] = error.issues
  if (!issue) return ''
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  return [...issue.path, ...keys].join('.')
}

const isCommand = (name: unknown): name is CommandName =>
  typeof name === 'string' && Object.hasOwn(commands, name)

export interface DispatchOptions<C extends Caller> {
  handlers: Handlers<C>
  now: () => number
  log: Log
  onCommand?: (name: CommandName | 'unknown', code: ErrorCode | 'ok') => void
}

export function createDispatch<C extends Caller>(options: DispatchOptions<C>) {
  const { handlers, now, log } = options

  return (caller: C, name: unknown, args: unknown[]): void => {
    const last = args.at(-1)
    const ack = typeof last === 'function' ? (last as (body: Answer) => void) : undefined
    const known = isCommand(name)
    const answer = (body: Answer): void => {
      options.onCommand?.(known ? name : 'unknown', body.ok ? 'ok' : body.code)
      ack?.(body)
    }
    if (!known) {
      caller.bad()
      return answer(refuse('unknown_command'))
    }
    const command = commands[name]
    if (!(command.roles as readonly Role[]).includes(caller.role)) {
      log.warn({ command: name, callerRole: caller.role }, 'a role asked for what it may not')
      caller.bad()
      return answer(refuse('forbidden'))
    }
    const afterMs = caller.buckets.take(name, command.limit, now())
    if (afterMs > 0) return answer(refuse('rate_limited', { afterMs }))
    const parsed = (command.input as ZodType).safeParse(args[0])
    if (!parsed.success) {
      caller.bad()
      return answer(refuse('bad_request', { field: fieldOf(parsed.error) }))
    }
    void handle(handlers[name] as Handler<CommandName, C>, {
      caller,
      input: parsed.data as InputOf<CommandName>,
      answer,
      fault: (error) => {
        const errorId = randomId(6)
        log.error({ err: error, errorId, command: name }, 'a command failed')
        answer(refuse('internal', { errorId, afterMs: 1000 }))
      },
    })
  }
}

interface Handling<C> {
  caller: C
  input: InputOf<CommandName>
  answer: (body: Answer) => void
  fault: (error: unknown) => void
}

async function handle<C>(handler: Handler<CommandName, C>, h: Handling<C>): Promise<void> {
  try {
    const body = await handler(h.caller, h.input, h.answer)
    if (body) h.answer(body)
  } catch (error) {
    h.fault(error)
  }
}
