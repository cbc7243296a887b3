/** One JSON line per entry; secrets never get in. */

import { type DestinationStream, pino } from 'pino'

export type Log = ReturnType<typeof createLog>

/** Written to standard output where nothing else is said. */
export function createLog(level: string, role: string, to?: DestinationStream) {
  const options = {
    level,
    base: { role },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        '*.ticket',
        '*.resume',
        '*.session',
        '*.authorization',
        '*.signature',
        'ticket',
        'resume',
      ],
      censor: '[secret]',
    },
  }
  return to ? pino(options, to) : pino(options)
}
