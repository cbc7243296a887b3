import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { scripts } from '../script.ts'
import { type CheckedScript, checkScript } from './check.ts'
import { checkIncludes } from './includes.ts'

const SERVER = join(import.meta.dirname, '../..')
const modules = readdirSync(SERVER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(SERVER, entry.name, 'index.ts')))
  .map((entry) => entry.name)
const luaFiles = readdirSync(SERVER, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.lua'),
)

describe('the scripts of the program', () => {
  beforeAll(async () => {
    // Every module, so that every script is declared; by path, because redis knows none of them.
    for (const module of modules) await import(join(SERVER, module, 'index.ts'))
  }, 60_000)

  test('[R3] use only declared names and keys, and write only below the commit line', () => {
    expect(scripts().flatMap(checkScript)).toEqual([])
  })

  test('every operation is declared somewhere', () => {
    const operations = luaFiles.filter((path) => !path.includes('/lua/'))
    expect(scripts().length).toBe(operations.length)
  })
})

test('fragments are included from below only', () => {
  const problems = luaFiles.flatMap((path) =>
    checkIncludes(path, readFileSync(join(SERVER, path), 'utf8')),
  )
  expect(problems).toEqual([])
})

const script = (source: string, more: Partial<CheckedScript['spec']> = {}): CheckedScript => ({
  name: 'x',
  spec: {
    source,
    keys: ['one'],
    args: { by: 'int' },
    each: { keys: ['many'], args: { n2: 'int' } },
    replies: { ok: { value: 'int' } },
    ...more,
  },
})
/** Uses every declared name once, so that a planted violation is alone. */
const USES = `local used = {K.one, A.by, E.many(1), E.n2(1)}
local function done() return reply.ok(1) end
`
const problems = (body: string, more: Partial<CheckedScript['spec']> = {}) =>
  checkScript(script(USES + body, more)).map((problem) => problem.replace(/^x: line \d+: /, 'x: '))

test('a well-behaved script has no problems', () => {
  const body = `local store = {}
function store.commit_all(key, by) redis.call('INCRBY', key, by) end
local wanted, list = {}, {}
for i = 1, E.n do
  wanted[2 * i - 1], wanted[2 * i] = E.many(i), K.one
  list[i] = {key = E.many(i)}
end
local raw = redis.call('MGET', unpack(wanted))
local now, rows = redis.call('TIME'), {}
for i = 1, E.n do rows[#rows + 1], rows[#rows + 2] = E.many(i), 'value' end
--@commit
redis.call('MSET', unpack(rows))
store.commit_all(K.one, A.by)
for i = 1, E.n do redis.call('SET', wanted[2 * i - 1], raw[i]) end
for _, each in ipairs(list) do redis.call('SET', each.key, raw[1]) end
return reply.ok(now[1])`
  expect(problems(body)).toEqual([])
})

test('what hides something that all calls share may change, and so may what was not included', () => {
  const body = `local seen = {}
local function note(seen, x) seen[x] = 1 end
--@body
local mine = {}
note(mine, 1)
mine[2] = 1`
  expect(problems(body)).toEqual([])
})

test.each([
  ['a key that is not declared', "local x = redis.call('GET', K.two)", 'K.two is used and'],
  ['an argument that is not declared', 'local x = A.times', 'A.times is used and not declared'],
  ['an item that is not declared', 'local x = E.few(1)', 'E.few is used and not declared'],
  ['a reply that is not declared', 'return reply.gone()', 'reply.gone is used and not declared'],
  ['a reply with a field too few', 'return reply.ok()', 'reply.ok has 1 fields and is given 0'],
  ['keys by position', 'local x = KEYS[1]', 'KEYS is used by position'],
  ['a table of the contract as a whole', 'local all = K', 'K is used as a whole'],
  ['a write above the line', "redis.call('SET', K.one, 1)\n--@commit", 'writes above --@commit'],
  [
    'a write above the line through a function',
    `local function low(key) redis.call('DEL', key) end
local function high(key) low(key) end
high(K.one)
--@commit`,
    'writes above --@commit',
  ],
  [
    'a write above the line within a callback',
    `local function each(list, run) for _, x in ipairs(list) do run(x) end end
each({1}, function() redis.call('DEL', K.one) end)
--@commit`,
    'writes above --@commit',
  ],
  ['no commit line', "redis.call('SET', K.one, 1)", '--@commit stands 0 times'],
  ['a commit line for nothing', '--@commit', '--@commit stands in a script that never writes'],
  [
    'something that all calls share and one changes',
    'local seen = {}\nlocal function note(x) seen[x] = 1 end\n--@body\nnote(1)',
    'seen is made once for all calls and changed',
  ],
  [
    'something that all calls share and the script itself changes',
    'local seen, last = {}\n--@body\nlast = 1',
    'last is made once for all calls and changed',
  ],
  [
    'something that all calls share and that a list function changes',
    'local seen = {}\n--@body\ntable.insert(seen, 1)',
    'seen is made once for all calls and changed',
  ],
  ['a key made of text', "local x = redis.call('GET', 'ff:x')", 'GET with a key that is not'],
  ['a key put together', "local x = redis.call('GET', K.one .. 1)", 'GET with a key that is not'],
  [
    'a list of keys with another in it',
    "local l = {K.one}\nl[2] = 'x'\nlocal x = redis.call('MGET', unpack(l))",
    'MGET with a key that is not',
  ],
  [
    'pairs that do not begin with a key',
    "local l = {}\nl[1], l[2] = 'x', K.one\n--@commit\nredis.call('MSET', unpack(l))",
    'MSET with a key that is not',
  ],
  [
    'pairs with something else beside them',
    "local l = {}\nl[1], l[2] = K.one, 'x'\nl[3] = 'y'\n--@commit\nredis.call('MSET', unpack(l))",
    'MSET with a key that is not',
  ],
  [
    'a place in a list with something else in it',
    "local l = {}\nl[1], l[2] = K.one, 'x'\nlocal x = redis.call('GET', l[1])",
    'GET with a key that is not',
  ],
  [
    'a place in a list that began with something else',
    "local l = {'x'}\nl[2] = K.one\nlocal x = redis.call('GET', l[1])",
    'GET with a key that is not',
  ],
  [
    'a place in a list of what Redis answered',
    "local l = {K.one}\nl = redis.call('MGET', K.one)\nlocal x = redis.call('GET', l[1])",
    'GET with a key that is not',
  ],
  [
    'a place in a list that is filled from several values at once',
    "local n, l = redis.call('TIME'), {}\nl[1], l[2] = unpack(n)\nlocal x = redis.call('GET', l[2])",
    'GET with a key that is not',
  ],
  [
    'a place in a list that somebody else may fill',
    "local l = {}\nl[1] = K.one\ntable.insert(l, 'x')\nlocal x = redis.call('GET', l[2])",
    'GET with a key that is not',
  ],
  [
    'a place in a list under two names',
    "local l = {}\nl[1] = K.one\nlocal m = l\nm[1] = 'x'\nlocal x = redis.call('GET', l[1])",
    'GET with a key that is not',
  ],
  [
    'a place in a list that a function is given',
    "local l = {}\nl[1] = K.one\nlocal function of(l) return redis.call('GET', l[1]) end\nof({'x'})",
    'GET with a key that is not',
  ],
  ['a command that is worked out', "local c = 'GET'\nredis.call(c, K.one)", 'is not a constant'],
])('told: %s', (_, body, problem) => {
  const found = problems(body)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(problem)
})

test('told: a read-only script that writes', () => {
  const body = "--@commit\nredis.call('SET', K.one, 1)"
  expect(problems(body, { readonly: true })).toEqual(['x: a read-only script writes'])
})

test('told: what is declared and never used', () => {
  expect(checkScript(script('return 1'))).toEqual([
    'x: K.one is declared and never used',
    'x: A.by is declared and never used',
    'x: E.many is declared and never used',
    'x: E.n2 is declared and never used',
    'x: reply.ok is declared and never used',
  ])
})

test.each([
  ['scoring/score.lua', '../wallet/lua/lots.lua', undefined],
  ['scoring/score.lua', './lua/earn.lua', undefined],
  ['wallet/move.lua', '../scoring/lua/earn.lua', 'wallet must not include from scoring'],
  ['wallet/move.lua', '../rooms/lua/heat.lua', 'wallet must not include from rooms'],
  ['redis/lua/x.lua', '../../rooms/lua/heat.lua', 'redis must not include from rooms'],
  ['scoring/score.lua', '../wallet/sweep.lua', 'is no fragment'],
  ['scoring/score.lua', '../elsewhere/lua/x.lua', 'is in no module'],
])('%s includes %s', (path, reference, problem) => {
  const found = checkIncludes(path, `--@include "${reference}"\nlocal x = 1\n`)
  expect(found).toHaveLength(problem === undefined ? 0 : 1)
  expect(found.join()).toContain(problem ?? '')
})
