/** Where a script may write, and what it may not change at all. */

import { BODY } from '../lua-bundle.ts'
import type { CallPlace, Facts, Problem, RedisCall } from './facts.ts'
import { changedBy, hasOwn, lineOf, type Node, nameOf, rootOf } from './tree.ts'

const COMMIT = '--@commit'
const BODY_LINE = BODY.trim()
/** Commands that change nothing; anything that is not here counts as a write. */
const READS: ReadonlySet<string> = new Set(
  `EXISTS GET MGET STRLEN GETRANGE TTL PTTL TYPE HGET HMGET HGETALL HLEN HEXISTS HKEYS HVALS HSCAN SCARD SISMEMBER
  SMISMEMBER SMEMBERS SRANDMEMBER SSCAN ZCARD ZCOUNT ZMSCORE ZRANGE ZRANGEBYSCORE ZRANK ZREVRANGE ZREVRANGEBYSCORE
  ZREVRANK ZSCAN ZSCORE XLEN XRANGE XREVRANGE XPENDING XINFO LLEN LRANGE LINDEX TIME`.split(/\s+/),
)

/** Redis keeps what a failed script wrote, so nothing is written before the line from which nothing can fail. */
export function writeProblems(facts: Facts, redisCalls: readonly RedisCall[]): Problem[] {
  const writes = redisCalls.filter(({ command }) => !READS.has(command))
  const commits = facts.lines.flatMap((line, i) => (line.trim() === COMMIT ? [i + 1] : []))
  const [first] = writes
  if (!first) {
    if (commits.length === 0) return []
    return [{ line: 0, problem: `${COMMIT} stands in a script that never writes` }]
  }
  const line = lineOf(first.call)
  const found: Problem[] = []
  if (facts.spec.readonly) found.push({ line, problem: 'a read-only script writes' })
  const [commit] = commits
  if (commit === undefined || commits.length > 1)
    return [...found, { line, problem: `${COMMIT} stands ${commits.length} times` }]
  return [...found, ...writesAbove(commit, facts, writes)]
}

/** What a function does counts where it is called. */
function writesAbove(commit: number, facts: Facts, writes: readonly RedisCall[]): Problem[] {
  const writers = writersOf(facts, writes)
  const named = new Set(facts.functions.values())
  const written = new Set<Node>(writes.map(({ call }) => call))
  return facts.calls
    .filter(({ call, within }) => !within.some((node) => named.has(node)) && lineOf(call) < commit)
    .filter(({ call }) => written.has(call) || writers.has(nameOf(call.base)))
    .map(({ call }) => ({ line: lineOf(call), problem: `writes above ${COMMIT}` }))
}

/** Names of functions that write, themselves or through others. */
function writersOf({ functions, calls }: Facts, writes: readonly CallPlace[]): Set<string> {
  const nameByNode = new Map([...functions].map(([name, node]) => [node, name]))
  const writers = new Set<string>()
  const add = ({ within }: CallPlace) => {
    for (const node of within) {
      const name = nameByNode.get(node)
      if (name !== undefined) writers.add(name)
    }
  }
  writes.forEach(add)
  for (let size = -1; size !== writers.size; ) {
    size = writers.size
    for (const place of calls) if (writers.has(nameOf(place.call.base))) add(place)
  }
  return writers
}

/** What a script includes is made once and used by all calls, so nothing of it may change. */
export function remainProblems({ places, lines }: Facts): Problem[] {
  const from = lines.indexOf(BODY_LINE) + 1
  const isMaking = ({ node, within }: (typeof places)[number]) =>
    within.length === 0 && lineOf(node) < from
  const made = new Set(
    places
      .filter(isMaking)
      .flatMap(({ node }) => (node.type === 'LocalStatement' ? node.variables.map(nameOf) : [])),
  )
  return places
    .filter((place) => !isMaking(place))
    .flatMap(({ node, within }) =>
      changedBy(node)
        .map((target) => ({ line: lineOf(target), name: rootOf(target) }))
        .filter(({ name }) => made.has(name) && !within.some((fn) => hasOwn(fn, name))),
    )
    .map(({ line, name }) => ({ line, problem: `${name} is made once for all calls and changed` }))
}
