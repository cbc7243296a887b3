// @ts-check
/** Finds and installs what the service and its tests need besides Node, for `npm start` and `npm test`. */

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top folder of the repository. */
export const root = resolve(fileURLToPath(import.meta.url), '../..')

const NODE_MIN = '20.19.0'
const REDIS_MIN = '7.0.0'
/** Pinned, so that a load test measures the service and not a new k6. */
const K6_MODULE = 'go.k6.io/k6/v2'
const K6_VERSION = 'v2.2.0'
const binaries = join(root, 'node_modules/.cache/bin')

/** Something the machine lacks or has in a wrong version; the message is for people and ends the program. */
export class Unmet extends Error {
  /** @override */
  name = 'Unmet'
}

/** Text for people, on the standard error stream, so that output stays clean. @param {string} text */
export const say = (text) => process.stderr.write(`${text}\n`)

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/** Ends installations and builds that `run` has started and that have not returned. */
export function stopRunning() {
  for (const child of running) child.kill('SIGTERM')
}

/**
 * Runs a program to its end with its output shown as ours. Throws `Unmet` when it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string, quiet?: boolean }} [options] quiet: output only where it fails
 */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...(options.quiet ? { NO_COLOR: '1' } : {}), ...options.env },
    stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
  })
  running.add(child)
  let output = ''
  const keep = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk).slice(-20_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  /** @type {number | string} */
  const result = await new Promise((done) => {
    child.on('error', (error) => done(error.message))
    child.on('close', (code, signal) => done(code ?? signal ?? 1))
  })
  running.delete(child)
  if (result === 0) return
  if (output) say(output.trimEnd())
  throw new Unmet(`${[program, ...args].join(' ')} failed (${result})`)
}

/**
 * Whether version `found` is at least `wanted`, number by number.
 * @param {string} found
 * @param {string} wanted
 */
export function atLeast(found, wanted) {
  const parts = found.split('.').map(Number)
  for (const [i, need] of wanted.split('.').map(Number).entries()) {
    const have = parts[i] ?? 0
    if (have !== need) return have > need
  }
  return true
}

/** Throws `Unmet` where this Node is too old. */
export function checkNode() {
  const found = process.versions.node
  if (!atLeast(found, NODE_MIN))
    throw new Unmet(`Fanfare needs Node ${NODE_MIN} or newer; this is Node ${found}.`)
}

/**
 * Installs npm packages unless node_modules holds exactly what package-lock.json names. npm writes down
 * what it has installed as its last step, so an interrupted installation counts as none.
 */
export async function installPackages() {
  if (packagesAreCurrent()) return
  say('Installing npm packages ...')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  await run(npm, ['ci', '--include=dev', '--no-audit', '--no-fund'], { quiet: true })
}

function packagesAreCurrent() {
  const installedFile = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installedFile)) return false
  const { packages: wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const { packages: installed } = JSON.parse(readFileSync(installedFile, 'utf8'))
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (path === '') return true
    // What is for another platform is left out.
    if (installed[path] === undefined) return Boolean(optional || devOptional || peer)
    return installed[path].version === version
  })
}

/**
 * The full path of a program, or undefined.
 * @param {string} name
 * @param {string[]} [alsoIn] folders besides PATH
 */
export function findProgram(name, alsoIn = []) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...alsoIn]) {
    if (folder === '') continue
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {}
  }
  return undefined
}

/**
 * The path of redis-server >= 7.0, installed where that may be done without asking.
 * Throws `Unmet` with the command to run, or naming the version that is too old.
 */
export async function provideRedis() {
  const before = findProgram('redis-server')
  if (!before) await installWithApt('redis-server', 'Redis')
  const path = before ?? findProgram('redis-server')
  if (!path) throw new Unmet('redis-server was installed but is not on the PATH.')
  const { stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  const version = /v=(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1]
  if (!version)
    throw new Unmet(
      `${path} --version says "${`${stdout}${stderr}`.trim()}", which names no version.`,
    )
  if (!atLeast(version, REDIS_MIN))
    throw new Unmet(
      `Fanfare needs Redis ${REDIS_MIN.slice(0, 3)} or newer; ${path} is Redis ${version}. Install a newer one, or set REDIS_URL.`,
    )
  return path
}

/** Programs that install packages, and what the packages are called there. */
const managers = [
  {
    finds: 'brew',
    command: 'brew install',
    names: { 'redis-server': 'redis', chromium: 'chromium' },
  },
  { finds: 'apt-get', command: 'sudo apt-get update && sudo apt-get install -y', names: {} },
  { finds: 'dnf', command: 'sudo dnf install -y', names: { 'redis-server': 'redis' } },
  { finds: 'pacman', command: 'sudo pacman -S --noconfirm', names: { 'redis-server': 'redis' } },
  { finds: 'apk', command: 'sudo apk add', names: { 'redis-server': 'redis' } },
]

/**
 * Installs a Debian package as root on Debian and its kin, without starting its services. Elsewhere throws
 * `Unmet` with the command that a person can run.
 * @param {'redis-server' | 'chromium'} name
 * @param {string} title
 */
async function installWithApt(name, title) {
  const aptGet = findProgram('apt-get')
  if (!aptGet || process.getuid?.() !== 0 || process.platform !== 'linux') {
    const manager = managers.find(({ finds }) => findProgram(finds))
    const called = manager?.names[/** @type {keyof typeof manager.names} */ (name)] ?? name
    const advice = manager
      ? `Install it with:\n  ${manager.command} ${called}`
      : `Install ${name} and put it on the PATH.`
    throw new Unmet(`${title} (${name}) is not installed. ${advice}`)
  }
  say(`Installing ${title} with apt-get ...`)
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await run(aptGet, ['update', '-q'], { env, quiet: true })
  await withoutServices(() =>
    run(aptGet, ['install', '-y', '-q', '--no-install-recommends', name], { env, quiet: true }),
  )
}

/**
 * Debian asks /usr/sbin/policy-rc.d before it starts a service; one that is there already stays.
 * @param {() => Promise<void>} install
 */
async function withoutServices(install) {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await install()
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}

/** The path of Chromium or Chrome, installed where that may be done without asking. Throws `Unmet`. */
export async function provideChromium() {
  const find = () =>
    ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
      .map((name) => findProgram(name))
      .find((path) => path !== undefined)
  const before = find()
  if (!before) await installWithApt('chromium', 'Chromium')
  const path = before ?? find()
  if (!path) throw new Unmet('chromium was installed but is not on the PATH.')
  return path
}

/** The path of k6 2, built with Go where it is missing. Throws `Unmet`. */
export async function provideK6() {
  const found = findProgram('k6', [binaries])
  if (found) {
    const { stdout } = spawnSync(found, ['version'], { encoding: 'utf8' })
    if (/ v(\d+)\./.exec(stdout ?? '')?.[1] === '2') return found
  }
  const built = join(binaries, 'k6')
  if (existsSync(built)) return built
  const go = findProgram('go', ['/usr/local/go/bin'])
  if (!go) throw new Unmet('k6 2 is not installed, nor Go to build it with.')
  say('Building k6 with Go, which takes some minutes the first time ...')
  // Not `go install`: that asks for the newest version first, which some module proxies refuse.
  const folder = join(root, 'node_modules/.cache/k6-build')
  mkdirSync(folder, { recursive: true })
  const goMod = `module fanfare-k6\n\ngo 1.23\n\nrequire ${K6_MODULE} ${K6_VERSION}\n`
  writeFileSync(join(folder, 'go.mod'), goMod)
  writeFileSync(join(folder, 'tools.go'), `package tools\n\nimport _ "${K6_MODULE}"\n`)
  await run(go, ['build', '-mod=mod', '-o', built, K6_MODULE], { cwd: folder, quiet: true })
  return built
}

const sources = ['shared', 'server', 'widget', 'loadtest', 'vite.config.ts', 'package-lock.json']
const stamp = join(root, 'dist/.built-from')

/** Hash of everything that `vite build` reads. Tests are not part of it. */
function sourceHash() {
  const hash = createHash('sha256')
  const add = (/** @type {string} */ path) => {
    hash.update(`${path}\0`)
    hash.update(readFileSync(join(root, path)))
  }
  for (const source of sources) {
    if (source.includes('.')) add(source)
    else
      for (const path of filesBelow(source)) if (!/\.test\.tsx?$|\.mjs$|\.md$/.test(path)) add(path)
  }
  return hash.digest('hex')
}

/** @param {string} folder */
const filesBelow = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()

/** Builds server and pages into `dist` unless that was made from the sources as they are. */
export async function buildWhenStale() {
  const wanted = sourceHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Building ...')
  rmSync(stamp, { force: true })
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  // A test runner's own `NODE_ENV` would make pages for development: larger, and not those that are shipped.
  await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    env: { NODE_ENV: 'production' },
    quiet: true,
  })
  writeFileSync(stamp, wanted)
}
