/** The program: serves, or runs one of the operator's commands. */

import { startApp } from './app/app.ts'
import { exportBalances, importBalances } from './balances.ts'
import { checkConfig } from './check-config.ts'
import { ConfigError, loadConfig } from './config.ts'
import { collectRarely } from './heap.ts'
import { ticketCommand } from './identity/index.ts'
import { createLog, systemClock } from './kernel/index.ts'
import { giveWay } from './priority.ts'
import { ingestCommand } from './queue.ts'
import {
  archiveCommand,
  auditCommand,
  dryRunCommand,
  inspectCommand,
  journalCommand,
} from './worker/index.ts'

async function serve(): Promise<void> {
  const config = loadConfig()
  const log = createLog(config.logLevel, [...config.roles].join('+'))
  // A fault must be seen and must not leave a half-alive process behind.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))
  process.on('uncaughtException', (error) => log.error({ err: error }, 'uncaught exception'))
  if (config.nice > 0) giveWay(config.nice)
  if (config.roles.has('gateway')) collectRarely()
  const app = await startApp(config, log)
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    log.info('draining')
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop in good order')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  log.info('ready')
}

const ticket = (argv: readonly string[]) => {
  const config = loadConfig()
  return report(
    ticketCommand(argv, {
      tickets: config.keys.tickets,
      pages: config.publicUrl ?? `http://127.0.0.1:${config.api.port}`,
      nowMs: systemClock.now(),
    }),
  )
}

const audit = (argv: readonly string[]) => report(auditCommand(argv, loadConfig()))
const archive = (argv: readonly string[]) => report(archiveCommand(argv, loadConfig()))
const inspect = (argv: readonly string[]) => report(inspectCommand(argv, loadConfig()))

const dryRun = (argv: readonly string[]) =>
  report(dryRunCommand(argv, loadConfig(), { out: process.stdout, errors: process.stderr }))

const importing = (argv: readonly string[]) => report(importBalances(argv))

async function exporting(argv: readonly string[]): Promise<void> {
  process.exit(await exportBalances(argv))
}

async function ingesting(argv: readonly string[]): Promise<void> {
  process.exit(await ingestCommand(argv))
}

/** A journal is larger than what fits into one text. */
async function journal(argv: readonly string[]): Promise<void> {
  process.exitCode = await journalCommand(argv, process.stdout, process.stderr)
}

/** Prints what a command found and ends with its code. */
async function report(found: Promise<{ text: string; code: number }>): Promise<void> {
  const { text, code } = await found
  ;(code === 2 ? process.stderr : process.stdout).write(`${text}\n`)
  process.exit(code)
}

const COMMANDS: Record<string, (argv: readonly string[]) => Promise<void>> = {
  serve,
  ticket,
  audit,
  archive,
  inspect,
  import: importing,
  export: exporting,
  ingest: ingesting,
  journal,
  'dry-run': dryRun,
  'check-config': (argv) => report(checkConfig(argv)),
}
const [name = 'serve', ...argv] = process.argv.slice(2)
const command = COMMANDS[name]

if (!command) {
  process.stderr.write(`unknown command ${name}; there are ${Object.keys(COMMANDS).join(', ')}\n`)
  process.exit(2)
}
command(argv).catch((error: unknown) => {
  const text =
    error instanceof ConfigError || !(error instanceof Error) ? String(error) : error.message
  process.stderr.write(`${text}\n`)
  process.exit(1)
})
