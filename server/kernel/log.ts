/** One JSON line per entry; secrets never get in. */

import { pino } from 'pino'

export type Log = ReturnType<typeof createLog>

export function createLog(level: string, role: string) {
  return pino({
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
  })
}
