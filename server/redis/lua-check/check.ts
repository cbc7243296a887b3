/** What can be said about a Lua script without running it: its names, where it writes, which keys it touches. */

import { type CheckedScript, Facts, type Problem } from './facts.ts'
import { keyProblems } from './keys.ts'
import { nameProblems } from './names.ts'
import { lineOf } from './tree.ts'
import { remainProblems, writeProblems } from './writes.ts'

export type { CheckedScript }

/** Problems of one script, each with the line of its source; empty where all is well. */
export function checkScript({ name, spec }: CheckedScript): string[] {
  const facts = new Facts(spec)
  const { calls, unknown } = facts.redisCalls()
  const found: Problem[] = [
    ...nameProblems(facts),
    ...unknown.map((call) => ({
      line: lineOf(call),
      problem: 'the command of a redis.call is not a constant',
    })),
    ...writeProblems(facts, calls),
    ...keyProblems(facts, calls),
    ...remainProblems(facts),
  ]
  return found
    .sort((a, b) => a.line - b.line)
    .map(({ line, problem }) => `${name}: ${line > 0 ? `line ${line}: ` : ''}${problem}`)
}
