/** Balances in and out: what the commands need of the service, without its roles. */

import { type Config, loadConfig } from './config.ts'
import { openCore } from './core.ts'
import { beginIssuance, countImported } from './governance/index.ts'
import { createLog, systemClock } from './kernel/index.ts'
import { brandNumbers } from './rooms/index.ts'
import { sumTotals, Wallets } from './wallet/index.ts'
import { exportCommand, importCommand, owing } from './worker/index.ts'

const brandsOf = ({ keys }: Config): string[] => [
  ...new Set([...keys.api, ...keys.tickets].map(({ brand }) => brand)),
]

async function open(config: Config, brand: string) {
  const core = await openCore(config, createLog('warn', 'balances'))
  const { book } = core.rulebook()
  return {
    core,
    registry: core.gate,
    partitions: core.partitions,
    brand,
    ladder: book.ladder,
    close: () => core.close(),
  }
}

async function openImport(
  config: Config,
  { brand, room }: { brand: string; room: string | undefined },
) {
  const { core, registry, close } = await open(config, brand)
  const { store, clock, rulebook } = core
  const owed = await owing(store, { brand, room, pool: rulebook().book.wallet.pool })
  if (!owed) {
    await close()
    return undefined
  }
  const wallets = new Wallets({
    ...core,
    journalMax: config.redis.journalEntriesMax,
    numbersOf: (brands) => brandNumbers(store, brands),
  })
  await beginIssuance(store, (await sumTotals(store, core.partitions)).issued)
  const onTakenOver = (file: string, points: number) => countImported(store, file, points)
  return { ...owed, registry, clock, wallets, onTakenOver, close }
}

export function importBalances(argv: readonly string[]): Promise<{ text: string; code: number }> {
  const config = loadConfig()
  return importCommand(argv, {
    brands: brandsOf(config),
    nowMs: systemClock.now(),
    open: (brand, room) => openImport(config, { brand, room }),
    progress: (text) => process.stderr.write(`${text}\n`),
  })
}

export function exportBalances(argv: readonly string[]): Promise<number> {
  const config = loadConfig()
  const deps = { brands: brandsOf(config), open: (brand: string) => open(config, brand) }
  return exportCommand(argv, deps, { out: process.stdout, errors: process.stderr })
}
