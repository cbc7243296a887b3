// @ts-check
/**
 * `npm test`: from a fresh clone to one line that says how many tests passed. `npm test -- unit redis` runs
 * these parts only; anything that is no part goes to vitest, as in `npm test -- redis server/wallet`.
 */

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildWhenStale,
  checkNode,
  installPackages,
  provideChromium,
  provideK6,
  provideRedis,
  root,
  stopRunning,
  Unmet,
} from './provision.mjs'

/** Everything after installation; a run that takes longer hangs. */
const MINUTES_MAX = 19
const reports = join(root, 'node_modules/.cache/test-reports')

/** What a newcomer may name, and the tools that each needs. */
const parts = {
  check: [],
  unit: [],
  widget: [],
  redis: ['redis'],
  cluster: ['redis'],
  browser: ['redis', 'chromium'],
  doors: ['redis'],
  e2e: ['redis', 'chromium'],
  faults: ['redis', 'k6'],
}
/**
 * Steps, and the programs of each, the longest first: two run side by side, as most of what they do is waiting, and
 * the next begins as soon as one ends. `cluster` stands alone: its thousands of taps at once leave a process no time to hear
 * its masters where something else runs as well.
 */
const steps = [
  [['unit', 'widget', 'redis']],
  [['cluster']],
  [['faults'], ['browser'], ['e2e'], ['doors']],
]
const SIDE_BY_SIDE = 2
/** Parts that need the built service. */
const built = ['browser', 'doors', 'e2e', 'faults']

/** How each tool is had, where tests find it, and whether tests skip themselves when it is `missing`. */
const tools = {
  redis: { provide: provideRedis, variable: 'REDIS_SERVER_BIN', skipsItself: false },
  chromium: { provide: provideChromium, variable: 'CHROMIUM_BIN', skipsItself: true },
  k6: { provide: provideK6, variable: 'K6_BIN', skipsItself: true },
}

const total = { passed: 0, failed: 0, skipped: 0 }
/** @type {string[]} */
const failures = []
/** @type {string[]} */
const notRun = []
/** @type {Record<string, string>} */
const env = {}

/** @param {string} what */
function failed(what) {
  total.failed++
  failures.push(what)
}

/** @param {readonly (keyof typeof parts)[]} wanted */
async function provideTools(wanted) {
  /** @type {Set<string>} */
  const without = new Set()
  for (const [name, { provide, variable, skipsItself }] of Object.entries(tools)) {
    const users = wanted.filter((part) => parts[part].some((tool) => tool === name))
    if (users.length === 0) continue
    try {
      env[variable] = await provide()
    } catch (error) {
      if (!(error instanceof Unmet)) throw error
      env[variable] = 'missing'
      notRun.push(`${users.join(', ')}: tests that need ${name}. ${error.message}`)
      if (!skipsItself) for (const part of users) without.add(part)
    }
  }
  return wanted.filter((part) => !without.has(part))
}

/** Each step of the check is a test. */
async function runCheck() {
  const { check } = await import('./check.mjs')
  for (const { name, ok } of await check()) {
    if (ok) total.passed++
    else failed(`check: ${name}`)
  }
}

/**
 * @param {string[]} projects
 * @param {string[]} rest
 * @param {number} msMax
 */
async function runVitest(projects, rest, msMax) {
  const report = join(reports, `${projects.join('-')}.json`)
  const args = [
    ...[join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--passWithNoTests'],
    ...projects.flatMap((name) => ['--project', name]),
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...rest,
  ]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const late = setTimeout(() => {
    failed(`${projects.join(', ')}: not done in time, ended`)
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
  }, msMax)
  const end = () => child.kill('SIGTERM')
  process.on('SIGTERM', end)
  const code = await new Promise((done) =>
    child.once('exit', (status, signal) => done(signal ?? status)),
  )
  process.off('SIGTERM', end)
  clearTimeout(late)
  const before = total.failed
  if (existsSync(report)) addReport(report)
  // Errors outside of tests, or no report: vitest says so with its exit code alone.
  if (code !== 0 && total.failed === before)
    failed(`${projects.join(', ')}: vitest ended with ${code}`)
}

const REASON_LINES = 12
/** What was expected, what was there, and the lines of ours that lead to it. @param {string} reason */
const briefly = (reason) =>
  reason
    .split('\n')
    .filter((line) => !/^ +at .*(node_modules|node:|new Promise)/.test(line))
    .slice(0, REASON_LINES)
    .join('\n  ')

/** @param {string} file */
function addReport(file) {
  for (const { name, status, assertionResults, message } of JSON.parse(readFileSync(file, 'utf8'))
    .testResults) {
    const path = name.replace(`${root}/`, '')
    if (status === 'failed' && assertionResults.length === 0)
      failed(`${path}: ${String(message).split('\n')[0]}`)
    for (const { status: outcome, fullName, failureMessages } of assertionResults) {
      if (outcome === 'passed') total.passed++
      // The reason stands far above, between what other programs said.
      else if (outcome === 'failed')
        failed(`${path}: ${fullName}\n  ${failureMessages.map(briefly).join('\n  ')}`)
      else total.skipped++
    }
  }
}

async function main() {
  checkNode()
  await installPackages()
  const isPart = (/** @type {string} */ text) => text in parts
  const args = process.argv.slice(2)
  const rest = args.filter((arg) => !isPart(arg))
  const named = /** @type {(keyof typeof parts)[]} */ (args.filter(isPart))
  const all = /** @type {(keyof typeof parts)[]} */ (Object.keys(parts))
  const wanted = await provideTools(named.length > 0 ? named : all)
  const deadline = Date.now() + MINUTES_MAX * 60_000
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  if (wanted.includes('check')) await runCheck()
  if (wanted.some((part) => built.includes(part))) {
    try {
      await buildWhenStale()
    } catch (error) {
      if (!(error instanceof Unmet)) throw error
      failed(`build: ${error.message}`)
    }
  }
  for (const step of steps) {
    const programs = step
      .map((parts) => parts.filter((part) => wanted.some((one) => one === part)))
      .filter((projects) => projects.length > 0)
    const lane = async () => {
      for (let next = programs.shift(); next; next = programs.shift())
        await runVitest(next, rest, Math.max(deadline - Date.now(), 1000))
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane))
  }
}

process.once('SIGTERM', stopRunning)
await main().catch((error) => failed(error instanceof Unmet ? error.message : String(error?.stack)))

// An automatic run that leaves something out must not look like one that did not.
if (process.env.CI === 'true') total.failed += notRun.length
const lines = [
  ...failures.map((what) => `failed: ${what}`),
  ...notRun.map((what) => `not run: ${what}`),
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
]
process.stdout.write(`\n${lines.join('\n')}\n`)
if (total.failed > 0 || total.passed === 0) process.exitCode = 1
