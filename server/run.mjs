/** Runs a TypeScript program of the repository, as Node 20 cannot: `node server/run.mjs server/check-config.ts`. */

import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const [program, ...rest] = process.argv.slice(2)
if (program === undefined) throw new Error('usage: node server/run.mjs FILE.ts [arguments]')
process.argv = [process.argv[0], resolve(program), ...rest]
// The plugin that inlines Lua is TypeScript itself and part of vite.config.ts, so it comes first.
const { module } = await runnerImport(resolve('server/redis/lua-bundle.ts'))
await runnerImport(resolve(program), { plugins: [module.lua()] })
