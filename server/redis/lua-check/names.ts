/** What a script uses is declared, and what it declares is used. */

import type { CheckedScript, Facts, Problem } from './facts.ts'
import { argumentsOf, isCall, isField, lineOf, nameOf } from './tree.ts'

type Tables = Record<string, readonly string[]>

const tablesOf = ({ keys, args, each, replies }: CheckedScript['spec']): Tables => ({
  K: keys,
  A: Object.keys(args),
  E: each ? ['n', ...each.keys, ...Object.keys(each.args)] : [],
  reply: Object.keys(replies),
})

export function nameProblems(facts: Facts): Problem[] {
  const declared = tablesOf(facts.spec)
  return [...usedNames(facts, declared), ...replyFields(facts)]
}

function usedNames({ places }: Facts, declared: Tables): Problem[] {
  const found: Problem[] = []
  const used = new Set<string>()
  for (const { node, parent } of places) {
    if (node.type !== 'Identifier') continue
    const line = lineOf(node)
    if (node.name === 'KEYS' || node.name === 'ARGV')
      found.push({ line, problem: `${node.name} is used by position; declare a name` })
    const names = declared[node.name]
    if (!names || isField(node, parent)) continue
    if (parent?.type !== 'MemberExpression') {
      found.push({ line, problem: `${node.name} is used as a whole or hidden by another name` })
      continue
    }
    const name = parent.identifier.name
    used.add(`${node.name}.${name}`)
    if (!names.includes(name))
      found.push({ line, problem: `${node.name}.${name} is used and not declared` })
  }
  for (const [table, names] of Object.entries(declared))
    for (const name of names)
      if (name !== 'n' && !used.has(`${table}.${name}`))
        found.push({ line: 0, problem: `${table}.${name} is declared and never used` })
  return found
}

/** A reply is given as many values as it has fields. */
function replyFields({ calls, spec: { replies } }: Facts): Problem[] {
  return calls.flatMap(({ call }) => {
    const [table, tag] = nameOf(call.base).split('.')
    const fields = table === 'reply' ? replies[tag ?? ''] : undefined
    const given = argumentsOf(call)
    const last = given.at(-1)
    // The last call may answer several values.
    if (!fields || (last && isCall(last))) return []
    const wanted = Object.keys(fields).length
    if (given.length === wanted) return []
    const problem = `reply.${tag} has ${wanted} fields and is given ${given.length}`
    return [{ line: lineOf(call), problem }]
  })
}
