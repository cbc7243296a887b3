// @ts-check
/** `npm run check`: everything that can be said about the sources without running them, two things at a time. */

import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { allViolations } from './confinement.mjs'
import { buildWhenStale, root } from './provision.mjs'

/** @typedef {{ name: string, ok: boolean, output: string, ms: number }} Result */

/**
 * @param {string} program a package's program under node_modules
 * @param {string[]} args
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function node(program, args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('close', (code) => done({ ok: code === 0, output }))
  })
}

/** Files that git knows or would know; the rest is not ours. */
function sourceFiles() {
  const git = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (git.status !== 0) throw new Error(`git ls-files: ${git.stderr}`)
  return git.stdout.split('\n').filter((path) => path !== '' && existsSync(join(root, path)))
}

const folders = ['shared', 'server', 'widget', 'loadtest', 'docs'].filter((folder) =>
  existsSync(join(root, folder)),
)

/** @type {Record<string, () => Promise<{ ok: boolean, output: string }>>} */
const steps = {
  types: () =>
    node('typescript/bin/tsc', [
      ...['-p', '.', '--noEmit', '--incremental'],
      ...['--tsBuildInfoFile', 'node_modules/.cache/types.tsbuildinfo'],
    ]),
  style: () => node('@biomejs/biome/bin/biome', ['ci', '--colors=off', '--max-diagnostics=50']),
  names: async () => {
    const found = allViolations(sourceFiles())
    return { ok: found.length === 0, output: found.join('\n') }
  },
  arrows: () =>
    node('dependency-cruiser/bin/dependency-cruise.mjs', [
      ...['--config', '.dependency-cruiser.cjs', ...folders, 'vite.config.ts'],
    ]),
  unused: () => node('knip/bin/knip.js', ['--no-progress']),
  size: async () => {
    try {
      await buildWhenStale()
    } catch (error) {
      return { ok: false, output: String(error) }
    }
    return node('size-limit/bin.js', [])
  },
}

/** The slowest first, alone in its lane; the others one after another beside it. */
const lanes = [['types'], Object.keys(steps).filter((name) => name !== 'types')]

/**
 * Runs every step and says how it went.
 * @returns {Promise<Result[]>}
 */
export async function check() {
  /** @type {Result[]} */
  const results = []
  const lane = async (/** @type {string[]} */ names) => {
    for (const name of names) {
      const begin = Date.now()
      const step = steps[name]
      if (!step) continue
      const { ok, output } = await step()
      const ms = Date.now() - begin
      results.push({ name, ok, output, ms })
      const text = ok ? '' : `\n${output.trimEnd()}\n`
      process.stdout.write(
        `${ok ? 'ok    ' : 'FAILED'} ${name} (${(ms / 1000).toFixed(1)} s)${text}\n`,
      )
    }
  }
  await Promise.all(lanes.map(lane))
  return results
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const results = await check()
  if (results.some(({ ok }) => !ok)) process.exitCode = 1
}
