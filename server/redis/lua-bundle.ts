/** Puts Lua fragments before the script that includes them, so that development, tests and the built server run the same script text. */

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Plugin } from 'vite'

const INCLUDE = /^--@include "(.+)"$/gm
/** Stands between what a script includes and what it says itself. */
export const BODY = '--@body\n'

/** What a script includes, once each and depth first, and behind `BODY` the script without its `--@include` lines. */
export function bundleLua(file: string, seen = new Set<string>()): string {
  const { fragments, own } = read(file, seen)
  return fragments.join('\n') + BODY + own
}

function read(file: string, seen: Set<string>): { fragments: string[]; own: string } {
  const fragments: string[] = []
  const own = readFileSync(file, 'utf8').replace(INCLUDE, (_, reference: string) => {
    const path = resolve(dirname(file), reference)
    if (seen.has(path)) return ''
    seen.add(path)
    const included = read(path, seen)
    fragments.push(...included.fragments, included.own)
    return ''
  })
  return { fragments, own }
}

export function lua(): Plugin {
  return {
    name: 'fanfare:lua',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('.lua')) return
      const included = new Set<string>()
      const source = bundleLua(id, included)
      for (const file of included) this.addWatchFile(file)
      return `export default ${JSON.stringify(source)}`
    },
  }
}
