/** Lua's syntax tree as the checks read it. */

import type luaparse from 'luaparse'

export type Node = luaparse.Node
export type Call =
  | luaparse.CallExpression
  | luaparse.TableCallExpression
  | luaparse.StringCallExpression

export const children = (node: Node): Node[] =>
  Object.values(node).flatMap((value: unknown) =>
    (Array.isArray(value) ? value : [value]).filter(
      (part): part is Node => typeof part === 'object' && part !== null && 'type' in part,
    ),
  )

export const isCall = (node: Node): node is Call =>
  node.type === 'CallExpression' ||
  node.type === 'TableCallExpression' ||
  node.type === 'StringCallExpression'

export const isFunction = (node: Node): node is luaparse.FunctionDeclaration =>
  node.type === 'FunctionDeclaration'

export const lineOf = (node: Node | undefined): number => node?.loc?.start.line ?? 0

/** `a.b` or `a` as text; empty for anything else. */
export function nameOf(node: Node | null | undefined): string {
  if (node?.type === 'Identifier') return node.name
  if (node?.type === 'MemberExpression' && node.indexer === '.')
    return `${nameOf(node.base)}.${node.identifier.name}`
  return ''
}

/** `a` of `a.b[i].c`. */
export const rootOf = (node: Node): string =>
  node.type === 'MemberExpression' || node.type === 'IndexExpression'
    ? rootOf(node.base)
    : nameOf(node)

/** Of a string constant as it stands in the source. */
export const textOf = (node: Node | undefined): string | undefined =>
  node?.type === 'StringLiteral' ? node.raw.slice(1, -1) : undefined

export const argumentsOf = (call: Call): Node[] =>
  call.type === 'CallExpression'
    ? call.arguments
    : call.type === 'TableCallExpression'
      ? [call.arguments]
      : [call.argument]

/** Whether an identifier is the name of a field: `t.name`, `{name = 1}`. */
export const isField = (node: Node, parent: Node | undefined): boolean =>
  (parent?.type === 'MemberExpression' && parent.identifier === node) ||
  (parent?.type === 'TableKeyString' && parent.key === node)

/** What an assignment or a function of `table` changes. */
export function changedBy(node: Node): readonly Node[] {
  if (node.type === 'AssignmentStatement') return node.variables
  if (!isCall(node) || !/^table\.(insert|remove|sort)$/.test(nameOf(node.base))) return []
  return argumentsOf(node).slice(0, 1)
}

/** Whether a function has a parameter or a local of that name, at any depth. */
export const hasOwn = (node: Node, name: string): boolean =>
  (isFunction(node) && node.parameters.some((parameter) => nameOf(parameter) === name)) ||
  (node.type === 'LocalStatement' && node.variables.some((local) => local.name === name)) ||
  ('variable' in node && nameOf(node.variable as Node) === name) ||
  (node.type === 'ForGenericStatement' && node.variables.some((local) => local.name === name)) ||
  children(node).some((child) => hasOwn(child, name))
