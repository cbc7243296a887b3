// @ts-check
/** Starts a program of loadtest with the arguments of this one, and ends as it ends. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { checkNode, installPackages, root, say, Unmet } from './provision.mjs'

/**
 * @param {string} program from the top folder
 * @param {(args: string[]) => Promise<NodeJS.ProcessEnv>} prepare brings what the program needs; answers its environment
 */
export async function runLoadtest(program, prepare) {
  try {
    checkNode()
    const args = process.argv.slice(2)
    await installPackages()
    const env = await prepare(args)
    const child = spawn(
      process.execPath,
      [join(root, 'server/run.mjs'), join(root, program), ...args],
      { cwd: root, env, stdio: 'inherit' },
    )
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
      process.on(signal, () => child.kill(signal))
    child.once('exit', (code) => {
      process.exitCode = code ?? 1
    })
  } catch (error) {
    say(
      error instanceof Unmet ? error.message : String(error instanceof Error ? error.stack : error),
    )
    process.exitCode = 1
  }
}
