/** What one walk over a script notes: its calls, its functions, and what is stored under which name. */

import luaparse from 'luaparse'
import {
  argumentsOf,
  type Call,
  children,
  isCall,
  isFunction,
  type Node,
  nameOf,
  textOf,
} from './tree.ts'

export interface CheckedScript {
  name: string
  spec: {
    source: string
    keys: readonly string[]
    args: Record<string, unknown>
    each?: { keys: readonly string[]; args: Record<string, unknown> } | undefined
    replies: Record<string, Record<string, unknown>>
    readonly?: boolean
  }
}

export interface Problem {
  /** 0 where it is of the script as a whole. */
  line: number
  problem: string
}

/** Functions around a node, innermost first. */
export type Within = readonly luaparse.FunctionDeclaration[]

export interface Place {
  node: Node
  parent: Node | undefined
  within: Within
}

export interface CallPlace {
  call: Call
  within: Within
}

export interface RedisCall extends CallPlace {
  /** In capitals. */
  command: string
  args: readonly Node[]
}

export interface Stored {
  value: Node
  within: Within
}

export class Facts {
  readonly spec: CheckedScript['spec']
  readonly lines: readonly string[]
  readonly places: Place[] = []
  readonly calls: CallPlace[] = []
  readonly functions = new Map<string, luaparse.FunctionDeclaration>()
  /** What is ever stored in a local name, or in a field as `.name`. */
  readonly values = new Map<string, Stored[]>()
  /** Keys of lists that are filled as `list[i], list[i + 1] = key, value`. */
  readonly pairs = new Map<string, Stored[]>()

  constructor(spec: CheckedScript['spec']) {
    this.spec = spec
    // Lua 5.1 does not know the line that tells Redis the engine.
    const source = spec.source.replace(/^#!.*$/m, '')
    this.lines = source.split('\n')
    this.#walk(luaparse.parse(source, { locations: true, luaVersion: '5.1' }), undefined, [])
  }

  /** Calls of Redis that can run: a script may include fragments of which it uses a part. */
  redisCalls(): { calls: RedisCall[]; unknown: Call[] } {
    const live = this.#reachable()
    const calls: RedisCall[] = []
    const unknown: Call[] = []
    for (const { call, within } of this.calls) {
      if (!within.every((node) => live.has(node))) continue
      const name = nameOf(call.base)
      if (name !== 'redis.call' && name !== 'redis.pcall') continue
      const [first, ...args] = argumentsOf(call)
      const command = textOf(first)?.toUpperCase()
      if (command === undefined) unknown.push(call)
      else calls.push({ call, within, command, args })
    }
    return { calls, unknown }
  }

  /** Functions that are called, and what stands within them. */
  #reachable(): ReadonlySet<Node> {
    const named = new Set<Node>(this.functions.values())
    const live = new Set<Node>()
    for (const { node } of this.places) if (isFunction(node) && !named.has(node)) live.add(node)
    for (let size = -1; size !== live.size; ) {
      size = live.size
      for (const { call, within } of this.calls) {
        const called = this.functions.get(nameOf(call.base))
        if (called && within.every((node) => live.has(node))) live.add(called)
      }
    }
    return live
  }

  #walk(node: Node, parent: Node | undefined, within: Within): void {
    this.places.push({ node, parent, within })
    if (isCall(node)) this.calls.push({ call: node, within })
    this.#remember(node, within)
    const inner = isFunction(node) ? [node, ...within] : within
    for (const child of children(node)) this.#walk(child, node, inner)
  }

  #remember(node: Node, within: Within): void {
    if (isFunction(node) && node.identifier) this.functions.set(nameOf(node.identifier), node)
    if (node.type === 'TableKeyString')
      note(this.values, `.${node.key.name}`, { value: node.value, within })
    if (node.type === 'AssignmentStatement') this.#rememberPair(node, within)
    if (node.type !== 'LocalStatement' && node.type !== 'AssignmentStatement') return
    node.variables.forEach((variable, i) => {
      const value = node.init[i]
      if (!value) return
      if (isFunction(value)) this.functions.set(nameOf(variable), value)
      note(this.values, placeName(variable), { value, within })
    })
  }

  #rememberPair({ variables, init }: luaparse.AssignmentStatement, within: Within): void {
    const [list, other, ...more] = variables.map((target) =>
      target.type === 'IndexExpression' ? nameOf(target.base) : '',
    )
    const [value] = init
    if (!list || list !== other || more.length > 0 || !value || init.length !== 2) return
    note(this.pairs, list, { value, within })
  }
}

/** `list[i] = x` stores into the list, `t.field = x` into every field of that name. */
function placeName(target: Node): string {
  if (target.type === 'IndexExpression') return nameOf(target.base)
  if (target.type === 'MemberExpression') return `.${target.identifier.name}`
  return nameOf(target)
}

function note(into: Map<string, Stored[]>, name: string, stored: Stored): void {
  if (name === '') return
  into.set(name, [...(into.get(name) ?? []), stored])
}
