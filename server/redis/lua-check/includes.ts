/** Which fragments a script may include: the same arrows as between modules. */

/** Rows of modules, lowest first; a fragment is included from a higher row or from its own module. */
const ROWS: readonly (readonly string[])[] = [
  ['kernel'],
  ['redis'],
  [
    ...['identity', 'wallet', 'rooms', 'tiers', 'tasks', 'targeting', 'governance', 'webhooks'],
    'economy',
    'boards',
    'clubs',
    'teams',
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
