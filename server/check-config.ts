/** `npm run check-config`: says what the environment means, without its secrets, or all that is wrong with it. */

import { ConfigError, loadConfig } from './config.ts'

try {
  const config = loadConfig()
  const text = JSON.stringify(config, (_, value) => (value instanceof Set ? [...value] : value), 2)
  process.stdout.write(`${text}\n`)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
