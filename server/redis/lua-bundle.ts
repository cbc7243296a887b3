/** Inlines Lua fragments, so that development, tests and the built server run the same script text. */

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Plugin } from 'vite'

const INCLUDE = /^--@include "(.+)"$/gm

/** A script with each `--@include "path"` replaced by that file, once each, depth first. */
export function bundleLua(file: string, seen = new Set<string>()): string {
  return readFileSync(file, 'utf8').replace(INCLUDE, (_, reference: string) => {
    const path = resolve(dirname(file), reference)
    if (seen.has(path)) return ''
    seen.add(path)
    return bundleLua(path, seen)
  })
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
