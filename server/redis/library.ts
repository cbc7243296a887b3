/**
 * A script as Redis keeps it: a library with one function, which is named by the hash of all it says, so that releases run
 * side by side. What it includes is made when it is first called and kept: making it anew cost each call more than ten viewers.
 */

import { createHash } from 'node:crypto'
import { BODY } from './lua-bundle.ts'
import type { AnySpec, Kind } from './script.ts'

/** All of ours begin so. */
export const LIBRARY_PREFIX = 'ff_'
const HASH_DIGITS = 12

export interface Library {
  /** Of the library and of its function: `ff_<module>_<verb>_<hash>`, as SLOWLOG shows it. */
  name: string
  text: string
}

export function libraryOf(spec: AnySpec): Library {
  const parts = spec.source.split(BODY)
  const own = parts.pop() ?? ''
  const text = `local function open()
local KEYS,ARGV,K,A
${replies(spec)}
${items(spec)}
${parts.join('')}
return function(keys,argv)
KEYS,ARGV=keys,argv
${given(spec)}
${own}
end
end
local run
`
  const hash = createHash('sha1').update(text).digest('hex').slice(0, HASH_DIGITS)
  const name = `${stemOf(spec.name)}${hash}`
  const flags = spec.readonly ? "'no-writes'" : ''
  return {
    name,
    text: `#!lua name=${name}
${text}redis.register_function{function_name='${name}',flags={${flags}},callback=function(keys,argv)
run=run or open()
return run(keys,argv)
end}`,
  }
}

const stemOf = (script: string): string => `${LIBRARY_PREFIX}${script.replaceAll(/\W/g, '_')}_`

/** The name without the hash: the same for all versions of a script. */
export const stem = (library: string): string => library.slice(0, -HASH_DIGITS)

const read = (kind: Kind, at: string): string => (kind === 'int' ? `tonumber(${at})` : at)

/** `reply.tag(...)` for each declared reply. */
function replies({ replies }: AnySpec): string {
  const made = Object.entries(replies).map(([tag, fields]) => {
    const names = Object.keys(fields)
    return `${tag}=function(${names.join(',')}) return {'${tag}'${names.map((n) => `,${n}`).join('')}} end`
  })
  return `local reply={${made.join(',')}}`
}

/** `E.name(i)` for each key and argument that repeats. Generated from the declaration, as all positions are, so that they cannot drift. */
function items({ keys, args, each }: AnySpec): string {
  if (!each) return ''
  const before = Object.keys(args).length
  const kinds = Object.entries(each.args)
  const itemKeys = each.keys.map(
    (name, j) =>
      `${name}=function(i) return KEYS[${keys.length + j + 1}+(i-1)*${each.keys.length}] end`,
  )
  const itemArgs = kinds.map(([name, kind], j) => {
    const at = `ARGV[${before + j + 1}+(i-1)*${kinds.length}]`
    return `${name}=function(i) return ${read(kind, at)} end`
  })
  return `local E={${[...itemKeys, ...itemArgs].join(',')}}`
}

/** What a call was given: `K.name`, `A.name`, and how many items there are. */
function given({ keys, args, each }: AnySpec): string {
  const named = keys.map((name, i) => `${name}=KEYS[${i + 1}]`)
  const kinds = Object.entries(args)
  const values = kinds.map(([name, kind], i) => `${name}=${read(kind, `ARGV[${i + 1}]`)}`)
  const tables = `K={${named.join(',')}} A={${values.join(',')}}`
  if (!each) return tables
  const count =
    each.keys.length > 0
      ? `(#KEYS-${keys.length})/${each.keys.length}`
      : `(#ARGV-${kinds.length})/${Object.keys(each.args).length}`
  return `${tables} E.n=${count}`
}
