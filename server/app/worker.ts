/** The role of the worker: what follows from the journal, and what has to be gone on with. */

import type { Core } from '../core.ts'
import { createResults, partId } from '../effects/index.ts'
import { freeIdleLeases } from '../governance/index.ts'
import { certainBy } from '../redis/index.ts'
import type { LiveAnswer } from '../rooms/index.ts'
import {
  anchorKey,
  type Chore,
  createWorker,
  dryRunChore,
  experimentChore,
  playAttached,
  type Resolve,
  type Study,
} from '../worker/index.ts'
import { issuedEver, type Parts } from './parts.ts'
import { rewardChore } from './rewards.ts'
import type { Role } from './role.ts'
import { creditPart, creditTopComment } from './taking-part.ts'

/** Packs that were cut off are gone on with so often. */
const PACKS_MS = 10_000
/** What processes that ended had leased and not paid is freed so often. */
const IDLE_LEASES_MS = 5000

export type WorkerRole = Role & { endLive: (room: string) => Promise<LiveAnswer> }

export async function startWorker(core: Core, parts: Parts): Promise<WorkerRole> {
  const { issuance, accounts, wallets, rewards, merges, invites, targeting, boards, clubs, teams } =
    parts
  const { config } = core
  const [secret] = config.keys.sessions
  const [own] = config.keys.api
  const worker = await createWorker({
    ...core,
    issuance,
    wallets,
    games: createResults({
      ...core,
      wallets,
      certain: certainBy(core),
      registry: core.gate,
      goods: rewards.awards,
      creditPart: (part) =>
        creditPart(accounts, {
          ...part,
          id: partId(part),
          action: part.kind === 'vote' ? 'vote' : 'join',
        }),
    }),
    creditTopComment: (top) => creditTopComment(accounts, top),
    merges,
    invites,
    targeting,
    boards,
    clubs,
    teams,
    resolvers: resolversOf(parts),
    dataDir: config.dataDir,
    anchors: { file: config.anchorsFile, key: secret && anchorKey(secret) },
    journalMax: config.redis.journalEntriesMax,
    pepper: core.gate.pepper,
    webhooks: config.webhooks,
    ...(own && { economy: { brand: own.brand } }),
    studies: () => studiesOf(core),
    chores: choresOf(core, parts, own?.brand),
  })
  return {
    endLive: (room) => worker.endLive(room),
    checks() {
      const { ok, problems, notes } = worker.health()
      const detail = [...problems, ...notes].join('; ')
      return [{ name: 'worker', ok, ...(detail !== '' && { detail }) }]
    },
    stop: () => worker.stop(),
  }
}

/** Who knows how a hold ends whose deadline has passed, by what it was for. */
function resolversOf({ cashback, clubs, effects, gifts, rewards }: Parts) {
  const settle: Resolve = (hold) => effects.settleHold(hold)
  return {
    // Ended by the merge itself, however late.
    merge: async () => 'later',
    pending: (hold) => cashback.resolve(hold),
    effect: settle,
    draw: settle,
    club: (hold) => clubs.settleHold(hold),
    redemption: (hold) => rewards.redemptions.resolve(hold),
    async transfer(hold) {
      const { ok } = await gifts.finish(hold)
      return ok ? 'capture' : 'later'
    },
  } satisfies Record<string, Resolve>
}

const choresOf = (
  core: Core,
  { issuance, packs, rewards, accounts }: Parts,
  brand: string | undefined,
): Chore[] => [
  experimentChore({ ...core, brand, brownoutLevel: () => issuance.brownout.level }),
  rewardChore(core, { rewards, creditPart: (part) => creditPart(accounts, part) }),
  { waits: 'packs wait', by: 'each', everyMs: PACKS_MS, run: (slot) => packs.pass(slot) },
  dryRunChore(core, playAttached(process.execPath, [...process.execArgv, ...program()])),
  {
    waits: 'leases of processes that ended are not freed',
    by: 'first',
    everyMs: IDLE_LEASES_MS,
    run: () => freeIdleLeases(core.store, { issued: () => issuedEver(core) }),
  },
]

/** The file that this process runs, which has all commands. */
const program = (): string[] => process.argv.slice(1, 2)

/** Experiments of which each account is counted. */
const studiesOf = ({ playing, rulebook }: Core): Study[] =>
  playing.studied.map(({ id, unit, startsAtMs = 0, endsAtMs = 0, ended }) => ({
    id,
    fromMs: startsAtMs,
    untilMs: ended?.atMs ?? endsAtMs,
    byVersion: unit === 'room',
    fenOf: (ruleNo) => rulebook().book.earn.find(({ no }) => no === ruleNo)?.per ?? 1,
  }))
