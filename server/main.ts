/** The program: serves, or runs one of the operator's commands. */

import { startApp } from './app/app.ts'
import { exportBalances, importBalances } from './balances.ts'
import { checkConfig } from './check-config.ts'
import { type Config, ConfigError, loadConfig } from './config.ts'
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
  // A fault that nobody caught is seen in the log and ends nothing: thousands who are connected had no part in it.
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

const { stdout, stderr } = process

/** Prints what a command found and ends with its code. */
async function report(found: Promise<{ text: string; code: number }>): Promise<void> {
  const { text, code } = await found
  ;(code === 2 ? stderr : stdout).write(`${text}\n`)
  process.exit(code)
}

/** Ends with the code of a command that prints by itself. */
async function exit(code: Promise<number>): Promise<void> {
  process.exit(await code)
}

function ticket(argv: readonly string[], { keys, publicUrl, api }: Config) {
  const pages = publicUrl ?? `http://127.0.0.1:${api.port}`
  return ticketCommand(argv, { tickets: keys.tickets, pages, nowMs: systemClock.now() })
}

const COMMANDS: Record<string, (argv: readonly string[]) => Promise<void>> = {
  serve,
  ticket: (argv) => report(ticket(argv, loadConfig())),
  audit: (argv) => report(auditCommand(argv, loadConfig())),
  archive: (argv) => report(archiveCommand(argv, loadConfig())),
  inspect: (argv) => report(inspectCommand(argv, loadConfig())),
  import: (argv) => report(importBalances(argv)),
  export: (argv) => exit(exportBalances(argv)),
  ingest: (argv) => exit(ingestCommand(argv)),
  async journal(argv) {
    // Ends by itself when all is written: a journal is larger than what a pipe takes at once.
    process.exitCode = await journalCommand(argv, stdout, stderr)
  },
  'dry-run': (argv) => report(dryRunCommand(argv, loadConfig(), { out: stdout, errors: stderr })),
  'check-config': (argv) => report(checkConfig(argv)),
}
const [name = 'serve', ...argv] = process.argv.slice(2)
const command = COMMANDS[name]

if (!command) {
  stderr.write(`unknown command ${name}; there are ${Object.keys(COMMANDS).join(', ')}\n`)
  process.exit(2)
}

async function run(command: (argv: readonly string[]) => Promise<void>): Promise<void> {
  await command(argv)
}

run(command).catch((error: unknown) => {
  const text =
    error instanceof ConfigError || !(error instanceof Error) ? String(error) : error.message
  stderr.write(`${text}\n`)
  process.exit(1)
})
