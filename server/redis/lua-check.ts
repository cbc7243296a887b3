/** What can be said about a Lua script without running it: its names, where it writes, which keys it touches. */

import luaparse from 'luaparse'
import { BODY } from './lua-bundle.ts'

type Node = luaparse.Node
type Call = luaparse.CallExpression | luaparse.TableCallExpression | luaparse.StringCallExpression

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

const COMMIT = '--@commit'
const BODY_LINE = BODY.trim()
/** Commands that change nothing; anything that is not here counts as a write. */
const READS: ReadonlySet<string> = new Set(
  `EXISTS GET MGET STRLEN GETRANGE TTL PTTL TYPE HGET HMGET HGETALL HLEN HEXISTS HKEYS HVALS HSCAN SCARD SISMEMBER
  SMISMEMBER SMEMBERS SRANDMEMBER SSCAN ZCARD ZCOUNT ZMSCORE ZRANGE ZRANGEBYSCORE ZRANK ZREVRANGE ZREVRANGEBYSCORE
  ZREVRANK ZSCAN ZSCORE XLEN XRANGE XREVRANGE XPENDING XINFO LLEN LRANGE LINDEX TIME`.split(/\s+/),
)
/** Where the keys of a command stand, if not in the first place alone. */
const KEYS_OF: ReadonlyMap<string, (args: readonly Node[]) => readonly Node[]> = new Map([
  ...['TIME', 'PUBLISH', 'SPUBLISH'].map((name) => [name, () => []] as const),
  ...['MGET', 'DEL', 'UNLINK', 'EXISTS', 'TOUCH'].map(
    (name) => [name, (args: readonly Node[]) => args] as const,
  ),
  ...['XINFO', 'XGROUP'].map(
    (name) => [name, (args: readonly Node[]) => args.slice(1, 2)] as const,
  ),
  ...['RENAME', 'COPY', 'SMOVE', 'ZRANGESTORE'].map(
    (name) => [name, (args: readonly Node[]) => args.slice(0, 2)] as const,
  ),
])

/** Problems of one script, each with the line of its source; empty where all is well. */
export function checkScript({ name, spec }: CheckedScript): string[] {
  // Lua 5.1 does not know the line that tells Redis the engine.
  const source = spec.source.replace(/^#!.*$/m, '')
  const chunk = luaparse.parse(source, { locations: true, luaVersion: '5.1' })
  const script = new Script(spec, chunk, source.split('\n'))
  return script.problems().map((problem) => `${name}: ${problem}`)
}

const children = (node: Node): Node[] =>
  Object.values(node).flatMap((value: unknown) =>
    (Array.isArray(value) ? value : [value]).filter(
      (part): part is Node => typeof part === 'object' && part !== null && 'type' in part,
    ),
  )

const isCall = (node: Node): node is Call =>
  node.type === 'CallExpression' ||
  node.type === 'TableCallExpression' ||
  node.type === 'StringCallExpression'

const isFunction = (node: Node): node is luaparse.FunctionDeclaration =>
  node.type === 'FunctionDeclaration'

/** `a.b` or `a` as text; empty for anything else. */
function nameOf(node: Node | null | undefined): string {
  if (node?.type === 'Identifier') return node.name
  if (node?.type === 'MemberExpression' && node.indexer === '.')
    return `${nameOf(node.base)}.${node.identifier.name}`
  return ''
}

/** Whether an identifier is the name of a field: `t.name`, `{name = 1}`. */
const isField = (node: Node, parent: Node | undefined): boolean =>
  (parent?.type === 'MemberExpression' && parent.identifier === node) ||
  (parent?.type === 'TableKeyString' && parent.key === node)

/** Whether a list stands where it is made, filled, indexed, counted or unpacked, and nowhere else. */
function isUseOfList({ node, parent }: { node: Node; parent: Node | undefined }): boolean {
  switch (parent?.type) {
    case 'LocalStatement': {
      const at = parent.variables.findIndex((variable) => variable === node)
      return parent.init[at]?.type === 'TableConstructorExpression'
    }
    case 'IndexExpression':
      return parent.base === node
    case 'UnaryExpression':
      return parent.operator === '#'
    case 'CallExpression':
      return nameOf(parent.base) === 'unpack' && parent.arguments[0] === node
    default:
      return false
  }
}

/** Of a string constant as it stands in the source. */
const textOf = (node: Node | undefined): string | undefined =>
  node?.type === 'StringLiteral' ? node.raw.slice(1, -1) : undefined

const argumentsOf = (call: Call): Node[] =>
  call.type === 'CallExpression'
    ? call.arguments
    : call.type === 'TableCallExpression'
      ? [call.arguments]
      : [call.argument]

interface RedisCall extends Place {
  command: string
  keys: readonly Node[]
}

interface Place {
  call: Call
  /** Innermost first. */
  within: luaparse.FunctionDeclaration[]
}

/** `a` of `a.b[i].c`. */
const rootOf = (node: Node): string =>
  node.type === 'MemberExpression' || node.type === 'IndexExpression'
    ? rootOf(node.base)
    : nameOf(node)

/** What an assignment or a function of `table` changes. */
function changedBy(node: Node): readonly Node[] {
  if (node.type === 'AssignmentStatement') return node.variables
  if (!isCall(node) || !/^table\.(insert|remove|sort)$/.test(nameOf(node.base))) return []
  return argumentsOf(node).slice(0, 1)
}

/** Whether a function has a parameter or a local of that name, at any depth. */
const hasOwn = (node: Node, name: string): boolean =>
  (isFunction(node) && node.parameters.some((parameter) => nameOf(parameter) === name)) ||
  (node.type === 'LocalStatement' && node.variables.some((local) => local.name === name)) ||
  ('variable' in node && nameOf(node.variable as Node) === name) ||
  (node.type === 'ForGenericStatement' && node.variables.some((local) => local.name === name)) ||
  children(node).some((child) => hasOwn(child, name))

class Script {
  readonly #spec: CheckedScript['spec']
  readonly #lines: readonly string[]
  readonly #calls: Place[] = []
  readonly #nodes: { node: Node; parent: Node | undefined }[] = []
  readonly #places: { node: Node; within: Place['within'] }[] = []
  readonly #functions = new Map<string, luaparse.FunctionDeclaration>()
  /** What is ever stored in a local name, or in a field as `.name`. */
  readonly #values = new Map<string, { value: Node; within: Place['within'] }[]>()
  /** Keys of lists that are filled as `list[i], list[i + 1] = key, value`. */
  readonly #pairs = new Map<string, { value: Node; within: Place['within'] }[]>()
  readonly #found: { line: number; problem: string }[] = []

  constructor(spec: CheckedScript['spec'], chunk: luaparse.Chunk, lines: readonly string[]) {
    this.#spec = spec
    this.#lines = lines
    this.#walk(chunk, undefined, [])
  }

  problems(): string[] {
    this.#names()
    const calls = this.#redisCalls()
    this.#writes(calls.filter(({ command }) => !READS.has(command)))
    this.#keys(calls)
    this.#remains()
    return this.#found
      .sort((a, b) => a.line - b.line)
      .map(({ line, problem }) => (line > 0 ? `line ${line}: ${problem}` : problem))
  }

  #say(node: Node | undefined, problem: string): void {
    this.#found.push({ line: node?.loc?.start.line ?? 0, problem })
  }

  #walk(node: Node, parent: Node | undefined, within: Place['within']): void {
    this.#nodes.push({ node, parent })
    this.#places.push({ node, within })
    if (isCall(node)) this.#calls.push({ call: node, within })
    this.#remember(node, within)
    const inner = isFunction(node) ? [node, ...within] : within
    for (const child of children(node)) this.#walk(child, node, inner)
  }

  #remember(node: Node, within: Place['within']): void {
    const keep = (target: Node | undefined, value: Node | undefined) => {
      // `list[i] = x` stores into the list, `t.field = x` into every field of that name.
      const name =
        target?.type === 'IndexExpression'
          ? nameOf(target.base)
          : target?.type === 'MemberExpression'
            ? `.${target.identifier.name}`
            : nameOf(target)
      if (name === '' || !value) return
      this.#values.set(name, [...(this.#values.get(name) ?? []), { value, within }])
    }
    if (isFunction(node) && node.identifier) this.#functions.set(nameOf(node.identifier), node)
    if (node.type === 'AssignmentStatement') this.#rememberPair(node, within)
    if (node.type === 'LocalStatement' || node.type === 'AssignmentStatement') {
      node.variables.forEach((variable, i) => {
        const value = node.init[i]
        if (value && isFunction(value)) this.#functions.set(nameOf(variable), value)
        keep(variable, value)
      })
    }
    if (node.type === 'TableKeyString') {
      const name = `.${node.key.name}`
      this.#values.set(name, [...(this.#values.get(name) ?? []), { value: node.value, within }])
    }
  }

  #rememberPair({ variables, init }: luaparse.AssignmentStatement, within: Place['within']): void {
    const [list, other, ...more] = variables.map((target) =>
      target.type === 'IndexExpression' ? nameOf(target.base) : '',
    )
    const [value] = init
    if (!list || list !== other || more.length > 0 || !value || init.length !== 2) return
    this.#pairs.set(list, [...(this.#pairs.get(list) ?? []), { value, within }])
  }

  /** What is used is declared, and what is declared is used. */
  #names(): void {
    const { keys, args, each, replies } = this.#spec
    const declared = {
      K: keys,
      A: Object.keys(args),
      E: each ? ['n', ...each.keys, ...Object.keys(each.args)] : [],
      reply: Object.keys(replies),
    }
    const used = new Set<string>()
    for (const { node, parent } of this.#nodes) {
      if (node.type !== 'Identifier') continue
      if (node.name === 'KEYS' || node.name === 'ARGV')
        this.#say(node, `${node.name} is used by position; declare a name`)
      if (!(node.name in declared)) continue
      if (isField(node, parent)) continue
      const member = parent?.type === 'MemberExpression'
      const table = node.name as keyof typeof declared
      if (!member) {
        this.#say(node, `${table} is used as a whole or hidden by another name`)
        continue
      }
      const name = parent.identifier.name
      used.add(`${table}.${name}`)
      if (!declared[table].includes(name))
        this.#say(node, `${table}.${name} is used and not declared`)
    }
    for (const [table, names] of Object.entries(declared))
      for (const name of names)
        if (name !== 'n' && !used.has(`${table}.${name}`))
          this.#say(undefined, `${table}.${name} is declared and never used`)
    for (const { call } of this.#calls) {
      const [table, tag] = nameOf(call.base).split('.')
      const fields = table === 'reply' ? replies[tag ?? ''] : undefined
      const given = argumentsOf(call)
      const last = given.at(-1)
      // The last call may answer several values.
      if (!fields || (last && isCall(last))) continue
      const wanted = Object.keys(fields).length
      if (given.length !== wanted)
        this.#say(call, `reply.${tag} has ${wanted} fields and is given ${given.length}`)
    }
  }

  /** Those that can run: a script may include fragments of which it uses a part. */
  #redisCalls(): RedisCall[] {
    const live = this.#reachable()
    return this.#calls.flatMap((place) => {
      if (!place.within.every((node) => live.has(node))) return []
      const name = nameOf(place.call.base)
      if (name !== 'redis.call' && name !== 'redis.pcall') return []
      const [first, ...args] = argumentsOf(place.call)
      const command = textOf(first)?.toUpperCase()
      if (command === undefined) {
        this.#say(place.call, 'the command of a redis.call is not a constant')
        return []
      }
      const keys = KEYS_OF.get(command)?.(args) ?? args.slice(0, 1)
      return [{ ...place, command, keys }]
    })
  }

  /** Functions that are called, and what stands within them. */
  #reachable(): ReadonlySet<Node> {
    const named = new Set<Node>(this.#functions.values())
    const live = new Set<Node>()
    for (const { node } of this.#nodes) if (isFunction(node) && !named.has(node)) live.add(node)
    for (let size = -1; size !== live.size; ) {
      size = live.size
      for (const { call, within } of this.#calls) {
        const called = this.#functions.get(nameOf(call.base))
        if (called && within.every((node) => live.has(node))) live.add(called)
      }
    }
    return live
  }

  /** Functions that write, themselves or through others. */
  #writers(writes: readonly Place[]): Set<string> {
    const nameByNode = new Map([...this.#functions].map(([name, node]) => [node, name]))
    const writers = new Set<string>()
    const add = (place: Place) => {
      for (const node of place.within) {
        const name = nameByNode.get(node)
        if (name !== undefined) writers.add(name)
      }
    }
    writes.forEach(add)
    for (let size = -1; size !== writers.size; ) {
      size = writers.size
      for (const place of this.#calls) if (writers.has(nameOf(place.call.base))) add(place)
    }
    return writers
  }

  /** Redis keeps what a failed script wrote, so nothing is written before the line from which nothing can fail. */
  #writes(writes: readonly RedisCall[]): void {
    const commits = this.#lines.flatMap((line, i) => (line.trim() === COMMIT ? [i + 1] : []))
    if (writes.length === 0) {
      if (commits.length > 0) this.#say(undefined, `${COMMIT} stands in a script that never writes`)
      return
    }
    if (this.#spec.readonly) this.#say(writes[0]?.call, 'a read-only script writes')
    const [commit] = commits
    if (commit === undefined || commits.length > 1) {
      this.#say(writes[0]?.call, `${COMMIT} stands ${commits.length} times`)
      return
    }
    const writers = this.#writers(writes)
    const named = new Set(this.#functions.values())
    const written = new Set<Node>(writes.map(({ call }) => call))
    for (const { call, within } of this.#calls) {
      // What a function does counts where it is called.
      if (within.some((node) => named.has(node))) continue
      if (!written.has(call) && !writers.has(nameOf(call.base))) continue
      if ((call.loc?.start.line ?? 0) < commit) this.#say(call, `writes above ${COMMIT}`)
    }
  }

  /** Redis does not notice an undeclared key in the right slot. */
  #keys(calls: readonly RedisCall[]): void {
    for (const { call, within, command, keys } of calls) {
      if (keys.length === 0 && !KEYS_OF.has(command)) this.#say(call, `${command} without a key`)
      const isKey =
        command === 'MSET'
          ? (key: Node) => this.#isPairs(key)
          : (key: Node) => this.#isKey(key, within, new Set())
      for (const key of keys)
        if (!isKey(key)) this.#say(call, `${command} with a key that is not declared`)
    }
  }

  /** What a script includes is made once and used by all calls, so nothing of it may change. */
  #remains(): void {
    const from = this.#lines.indexOf(BODY_LINE) + 1
    const lineOf = (node: Node) => node.loc?.start.line ?? 0
    const made = new Set(
      this.#places.flatMap(({ node, within }) =>
        node.type === 'LocalStatement' && within.length === 0 && lineOf(node) < from
          ? node.variables.map(nameOf)
          : [],
      ),
    )
    for (const { node, within } of this.#places) {
      if (within.length === 0 && lineOf(node) < from) continue
      for (const target of changedBy(node)) {
        const name = rootOf(target)
        if (made.has(name) && !within.some((fn) => hasOwn(fn, name)))
          this.#say(target, `${name} is made once for all calls and changed`)
      }
    }
  }

  /** True for `unpack(list)` of a list that holds nothing but pairs, each beginning with a key. */
  #isPairs(node: Node): boolean {
    if (!isCall(node) || nameOf(node.base) !== 'unpack') return false
    const [list] = argumentsOf(node)
    const pairs = this.#pairs.get(nameOf(list)) ?? []
    const stored = (this.#values.get(nameOf(list)) ?? []).filter(
      ({ value }) => value.type !== 'TableConstructorExpression' || value.fields.length > 0,
    )
    return (
      pairs.length > 0 &&
      stored.length === 2 * pairs.length &&
      pairs.every(({ value, within }) => this.#isKey(value, within, new Set()))
    )
  }

  #isKey(node: Node, within: Place['within'], seen: Set<string>): boolean {
    if (isCall(node)) {
      const name = nameOf(node.base)
      if (name === 'unpack') return argumentsOf(node).every((arg) => this.#isKey(arg, within, seen))
      return name.startsWith('E.') && (this.#spec.each?.keys ?? []).includes(name.slice(2))
    }
    if (node.type === 'TableConstructorExpression')
      return node.fields.every((field) => this.#isKey(field.value, within, seen))
    if (node.type === 'Identifier') {
      const parameter = within.some((fn) => fn.parameters.some((p) => nameOf(p) === node.name))
      return parameter || this.#holdsKeys(node.name, seen)
    }
    if (node.type === 'IndexExpression') return this.#isListOfKeys(nameOf(node.base), seen)
    if (node.type !== 'MemberExpression') return false
    if (nameOf(node.base) === 'K') return true
    return this.#holdsKeys(`.${node.identifier.name}`, seen)
  }

  /**
   * True for a local list that is made empty or of keys, filled with keys one by one, and read only: whoever else were
   * given the list could put something else in it.
   */
  #isListOfKeys(name: string, seen: Set<string>): boolean {
    const uses = this.#nodes.filter(
      ({ node, parent }) =>
        node.type === 'Identifier' && node.name === name && !isField(node, parent),
    )
    return uses.length > 0 && uses.every(isUseOfList) && this.#holdsKeys(name, seen)
  }

  /** True where everything that is ever stored under the name is a key. */
  #holdsKeys(name: string, seen: Set<string>): boolean {
    if (seen.has(name)) return true
    const values = this.#values.get(name) ?? []
    const deeper = new Set(seen).add(name)
    return (
      values.length > 0 && values.every(({ value, within }) => this.#isKey(value, within, deeper))
    )
  }
}

/** Rows of modules, lowest first; a fragment is included from a higher row or from its own module. */
const ROWS: readonly (readonly string[])[] = [
  ['kernel'],
  ['redis'],
  [
    ...['identity', 'wallet', 'rooms', 'tiers', 'tasks', 'targeting', 'governance', 'webhooks'],
    'economy',
    'boards',
    'clubs',
  ],
  ['scoring', 'rewards', 'effects'],
  ['gateway', 'api', 'worker'],
]
const rowOf = (module: string): number => ROWS.findIndex((row) => row.includes(module))

/** Problems of the includes of one Lua file. Paths are relative to `server/`, with slashes. */
export function checkIncludes(path: string, text: string): string[] {
  const module = path.split('/')[0] ?? ''
  return [...text.matchAll(/^--@include "(.+)"$/gm)].flatMap(([, reference = '']) => {
    const parts = path.split('/').slice(0, -1)
    for (const part of reference.split('/')) {
      if (part === '..') parts.pop()
      else if (part !== '.') parts.push(part)
    }
    const [target = '', folder] = parts
    if (rowOf(target) < 0 || rowOf(module) < 0) return [`${path}: ${reference} is in no module`]
    if (folder !== 'lua') return [`${path}: ${reference} is no fragment (lua/)`]
    if (target === module || rowOf(target) < rowOf(module)) return []
    return [`${path}: ${module} must not include from ${target}`]
  })
}
