/** Generator and references as plain programs: what is measured must not carry the machinery of a bundler. */

import { resolve } from 'node:path'
import { build } from 'vite'

const FOLDER = 'dist/bench'
const SOURCES = {
  generator: 'loadtest/bench/generator/main.ts',
  'socketio-ack': 'loadtest/bench/references/socketio-ack.ts',
  'uws-json': 'loadtest/bench/references/uws-json.ts',
  'uws-later': 'loadtest/bench/references/uws-later.ts',
  'uws-publish': 'loadtest/bench/references/uws-publish.ts',
  usual: 'loadtest/bench/references/usual.ts',
} as const
export type ProgramName = keyof typeof SOURCES

export const programFile = (name: ProgramName): string => resolve(FOLDER, `${name}.js`)

export async function bundlePrograms(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      outDir: FOLDER,
      emptyOutDir: true,
      target: 'node20',
      rollupOptions: { input: SOURCES, external: ['uWebSockets.js'] },
    },
  })
}
