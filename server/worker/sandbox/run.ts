/** What a dry run is given, what its partitions share, and why it can end early. */

import type {
  DryRunAsked,
  DryRunEnd,
  DryRunProgress,
  DryRunReport,
} from '../../../shared/dry-run.ts'
import type { PublishedRulebook, Rulebook } from '../../../shared/rulebook/schema.ts'
import type { Clock } from '../../kernel/index.ts'
import type { Partitions } from '../../redis/index.ts'
import type { People } from './people.ts'
import type { RoomSetting, RoomsTold } from './rooms-told.ts'
import type { Tally } from './tally.ts'

/** What a dry run has to know and the archive does not say. Read only. */
export interface Sources {
  /** A published version; undefined where it is no longer kept. */
  book(version: number): Promise<PublishedRulebook | undefined>
  /** The room of a live, as far as it is still known. */
  room(live: number): Promise<({ room: string } & RoomSetting) | undefined>
}

export interface DryRunOptions {
  asked: DryRunAsked
  /** What is tried; without it the ledger is only made again. */
  book?: Rulebook
  /** The version that it is, 0 for a draft. */
  version?: number
  sources: Sources
  partitions: Partitions
  dataDirs: readonly string[]
  /** Path of redis-server. */
  program: string
  clock: Clock
  progress?: (progress: DryRunProgress) => void
  /** Ends it early. */
  signal?: AbortSignal
}

/** Why a dry run has no result; the message says what to do. */
export class DryRunEnded extends Error {
  override name = 'DryRunEnded'
  readonly why: DryRunEnd

  constructor(why: DryRunEnd, message: string = why) {
    super(message)
    this.why = why
  }
}

/** What all partitions of a run share. */
export interface Run {
  options: DryRunOptions
  told: Tally
  tried: Tally
  rooms: RoomsTold
  people: People
  versions: Set<number>
  found: { entries: number; before: number; accounts: number; salesFen: number }
  proof: DryRunReport['proof']
  books: (version: number) => Promise<Rulebook>
  settings: (live: number) => Promise<({ room: string } & RoomSetting) | undefined>
  /** Throws where it has to end; says how far it is. */
  step(): void
}

export const isFollowed = (account: number, { oneOf }: DryRunAsked): boolean =>
  oneOf <= 1 || mixed(account) % oneOf === 0

/** Account numbers are random, but partitions are taken from them. */
const mixed = (account: number): number => Math.floor(account / 1024)
