/** `npm run check-config`: says what the environment means, without its secrets. */

import { loadConfig } from './config.ts'

/** Throws `ConfigError` with all that is wrong. */
export async function checkConfig(): Promise<void> {
  const text = JSON.stringify(
    loadConfig(),
    (_, value: unknown) => (value instanceof Set ? [...value] : value),
    2,
  )
  process.stdout.write(`${text}\n`)
}
