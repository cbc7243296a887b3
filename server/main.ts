/** The program: serves, or runs one of the operator's commands. */

import { startApp } from './app.ts'
import { checkConfig } from './check-config.ts'
import { ConfigError, loadConfig } from './config.ts'
import { ticketCommand } from './identity/index.ts'
import { createLog, systemClock } from './kernel/index.ts'

async function serve(): Promise<void> {
  const config = loadConfig()
  const log = createLog(config.logLevel, [...config.roles].join('+'))
  // A fault must be seen and must not leave a half-alive process behind.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))
  process.on('uncaughtException', (error) => log.error({ err: error }, 'uncaught exception'))
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

async function ticket(argv: readonly string[]): Promise<void> {
  const config = loadConfig()
  const { text, code } = await ticketCommand(argv, {
    tickets: config.keys.tickets,
    pages: config.publicUrl ?? `http://127.0.0.1:${config.api.port}`,
    nowMs: systemClock.now(),
  })
  ;(code === 0 ? process.stdout : process.stderr).write(`${text}\n`)
  process.exit(code)
}

const COMMANDS: Record<string, (argv: readonly string[]) => Promise<void>> = {
  serve,
  ticket,
  'check-config': checkConfig,
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
