/** A store on which the scoring scripts run with another text: with a mistake, or without a short cut. */

import { EncodedCommand } from '../redis/encoded-command.ts'
import { type Store, scripts } from '../redis/index.ts'

export interface TextChange {
  name: string
  from: string
  to: string
}

/** Throws where no script has the text to change. */
export async function withChangedScripts(
  store: Store,
  { name, from, to }: TextChange,
): Promise<Store> {
  const loaded = new Map<string, string>()
  for (const script of scripts()) {
    if (!script.name.startsWith('scoring.score')) continue
    const changed = script.text.replaceAll(from, () => to)
    if (changed === script.text) continue
    loaded.set(script.sha, String(await store.call('SCRIPT', 'LOAD', changed)))
  }
  if (loaded.size === 0) throw new Error(`"${name}": no script contains ${from}`)
  return new Proxy(store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      if (property !== 'sendCommand') return value.bind(target)
      return (command: EncodedCommand) => {
        const sha = command.name === 'evalsha' ? loaded.get(command.script) : undefined
        if (sha === undefined) return target.sendCommand(command)
        return target.sendCommand(new EncodedCommand('evalsha', sha, command.call))
      }
    },
  })
}
