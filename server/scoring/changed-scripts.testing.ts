/** A store on which the scoring scripts run with another text: with a mistake, or without a short cut. */

import { randomId } from '../kernel/index.ts'
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
  for (const { name: script, library } of scripts()) {
    if (!script.startsWith('scoring.score')) continue
    const changed = library.text.replaceAll(from, () => to)
    if (changed === library.text) continue
    const another = `changed_${randomId(6)}_${library.name}`.replaceAll(/\W/g, '_')
    await store.call('FUNCTION', 'LOAD', changed.replaceAll(library.name, another))
    loaded.set(library.name, another)
  }
  if (loaded.size === 0) throw new Error(`"${name}": no script contains ${from}`)
  return new Proxy(store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      if (property !== 'sendCommand') return value.bind(target)
      return (command: EncodedCommand) => {
        const another = command.name === 'fcall' ? loaded.get(command.script) : undefined
        if (another === undefined) return target.sendCommand(command)
        return target.sendCommand(new EncodedCommand(another, command.call))
      }
    },
  })
}
