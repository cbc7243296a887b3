/** Redis does not notice an undeclared key in the right slot; here each key is followed to where it was declared. */

import type { Facts, Problem, RedisCall, Within } from './facts.ts'
import { argumentsOf, isCall, isField, lineOf, type Node, nameOf } from './tree.ts'

type Args = readonly Node[]

/** Where the keys of a command stand, if not in the first place alone. */
const KEYS_OF: ReadonlyMap<string, (args: Args) => Args> = new Map([
  ...['TIME', 'PUBLISH', 'SPUBLISH'].map((name) => [name, () => []] as const),
  ...['MGET', 'DEL', 'UNLINK', 'EXISTS', 'TOUCH'].map(
    (name) => [name, (args: Args) => args] as const,
  ),
  ...['XINFO', 'XGROUP'].map((name) => [name, (args: Args) => args.slice(1, 2)] as const),
  ...['RENAME', 'COPY', 'SMOVE', 'ZRANGESTORE'].map(
    (name) => [name, (args: Args) => args.slice(0, 2)] as const,
  ),
])

export function keyProblems(facts: Facts, redisCalls: readonly RedisCall[]): Problem[] {
  const keys = new Keys(facts)
  return redisCalls.flatMap(({ call, within, command, args }) => {
    const line = lineOf(call)
    const given = KEYS_OF.get(command)?.(args) ?? args.slice(0, 1)
    if (given.length === 0)
      return KEYS_OF.has(command) ? [] : [{ line, problem: `${command} without a key` }]
    return given
      .filter((key) => !(command === 'MSET' ? keys.isPairs(key) : keys.isKey(key, within)))
      .map(() => ({ line, problem: `${command} with a key that is not declared` }))
  })
}

class Keys {
  readonly #facts: Facts

  constructor(facts: Facts) {
    this.#facts = facts
  }

  /** True for `unpack(list)` of a list that holds nothing but pairs, each beginning with a key. */
  isPairs(node: Node): boolean {
    if (!isCall(node) || nameOf(node.base) !== 'unpack') return false
    const [list] = argumentsOf(node)
    const pairs = this.#facts.pairs.get(nameOf(list)) ?? []
    const stored = (this.#facts.values.get(nameOf(list)) ?? []).filter(
      ({ value }) => value.type !== 'TableConstructorExpression' || value.fields.length > 0,
    )
    return (
      pairs.length > 0 &&
      stored.length === 2 * pairs.length &&
      pairs.every(({ value, within }) => this.isKey(value, within))
    )
  }

  /** `seen`: names that are being followed already; what refers to itself adds nothing. */
  isKey(node: Node, within: Within, seen: ReadonlySet<string> = new Set()): boolean {
    if (isCall(node)) {
      const name = nameOf(node.base)
      if (name === 'unpack') return argumentsOf(node).every((arg) => this.isKey(arg, within, seen))
      return name.startsWith('E.') && (this.#facts.spec.each?.keys ?? []).includes(name.slice(2))
    }
    switch (node.type) {
      case 'TableConstructorExpression':
        return node.fields.every((field) => this.isKey(field.value, within, seen))
      case 'Identifier': {
        const parameter = within.some((fn) => fn.parameters.some((p) => nameOf(p) === node.name))
        return parameter || this.#holdsKeys(node.name, seen)
      }
      case 'IndexExpression':
        return this.#isListOfKeys(nameOf(node.base), seen)
      case 'MemberExpression':
        return nameOf(node.base) === 'K' || this.#holdsKeys(`.${node.identifier.name}`, seen)
      default:
        return false
    }
  }

  /**
   * True for a local list that is made empty or of keys, filled with keys one by one, and read only: whoever else were
   * given the list could put something else in it.
   */
  #isListOfKeys(name: string, seen: ReadonlySet<string>): boolean {
    const uses = this.#facts.places.filter(
      ({ node, parent }) =>
        node.type === 'Identifier' && node.name === name && !isField(node, parent),
    )
    return uses.length > 0 && uses.every(isUseOfList) && this.#holdsKeys(name, seen)
  }

  /** True where everything that is ever stored under the name is a key. */
  #holdsKeys(name: string, seen: ReadonlySet<string>): boolean {
    if (seen.has(name)) return true
    const values = this.#facts.values.get(name) ?? []
    const deeper = new Set(seen).add(name)
    return (
      values.length > 0 && values.every(({ value, within }) => this.isKey(value, within, deeper))
    )
  }
}

/** Whether a list stands where it is made, filled, indexed, counted or unpacked, and nowhere else. */
function isUseOfList({ node, parent }: { node: Node; parent: Node | undefined }): boolean {
  switch (parent?.type) {
    case 'LocalStatement': {
      const variables: readonly Node[] = parent.variables
      return parent.init[variables.indexOf(node)]?.type === 'TableConstructorExpression'
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
