/** Team tasks: friends who reach something together, and are paid each. */

import { randomInt } from 'node:crypto'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { teamPeriodAt } from '../../shared/rulebook/team-tasks.ts'
import { TEAM_CODE_CHARS, TEAM_CODE_LENGTH, type TeamsRead } from '../../shared/teams.ts'
import { chunks } from '../kernel/index.ts'
import {
  defineScript,
  Newcomers,
  type Noted,
  type Observed,
  type Reader,
  type SlotTag,
} from '../redis/index.ts'
import { type Claim, claim, fieldOf, moveClaim, readClaim, readClaims, readTodo } from './claims.ts'
import { type Comer, nowOf, type TeamsDeps } from './deps.ts'
import { drive } from './drive.ts'
import forgetSource from './forget.lua'
import { claimsKey, membersKey, todoKey } from './keys.ts'
import { PASS_MAX, RETRY_MS } from './limits.ts'
import { type Doing, noteDoings } from './note.ts'
import { putAside, quitTeam, readTeam, type Team } from './team.ts'
import { type Terms, termsOf } from './terms.ts'
import { viewTeams } from './views.ts'

const forgetScript = defineScript({
  name: 'teams.forget',
  source: forgetSource,
  keys: ['record', 'members', 'todo'],
  args: { account: 'str' },
  replies: { forgotten: {} },
})

/** Places that one pass drives at the same time. */
const AT_ONCE = 20

type Answer = TeamsRead | Refusal

const newCode = (): string =>
  Array.from({ length: TEAM_CODE_LENGTH }, () => TEAM_CODE_CHARS[randomInt(31)]).join('')

export class Teams {
  readonly #deps: TeamsDeps
  readonly #members: Newcomers

  constructor(deps: TeamsDeps) {
    this.#deps = deps
    this.#members = new Newcomers(deps.store, membersKey)
  }

  /** Whether the rulebook has team tasks at all. */
  get isOn(): boolean {
    return this.#deps.rulebook().book.teamTasks.length > 0
  }

  /** The tasks that run, and the account's team in each. */
  read({ account, brandNo }: Pick<Comer, 'account' | 'brandNo'>): Promise<TeamsRead> {
    return viewTeams(this.#deps, { account, brandNo })
  }

  async open(comer: Comer, task: string): Promise<Answer> {
    const terms = this.#runningTerms(task, comer.brandNo)
    if (!terms) return refuse('not_found')
    return this.#enter(comer, { code: newCode(), state: 'opening', terms })
  }

  /** A code says nothing of teams that it does not open: those of other brands are not found. */
  async join(comer: Comer, code: string): Promise<Answer> {
    const team = await readTeam(this.#deps, code)
    if (!team || team.closed || team.terms.brandNo !== comer.brandNo) return refuse('not_found')
    const field = fieldOf(team.terms)
    const own = await readClaim(this.#deps, { account: comer.account, field })
    if (own && own.state !== 'leaving' && own.code !== code)
      return refuse('team_limit', { field: 'team' })
    if (!own && (await this.#hasPerson(team, comer.account)))
      return refuse('team_limit', { field: 'person' })
    return this.#enter(comer, { code, state: 'joining', terms: team.terms })
  }

  async leave({ account, brandNo }: Comer, task: string): Promise<Answer> {
    const claims = await readClaims(this.#deps, account)
    const nowMs = nowOf(this.#deps)
    for (const [field, claim] of claims) {
      if (claim.terms.task !== task || claim.terms.endsAtMs <= nowMs) continue
      const place = { account, field }
      // One that is not certain yet becomes so first.
      if (claim.state === 'opening' || claim.state === 'joining') await drive(this.#deps, place)
      const now = await readClaim(this.#deps, place)
      if (now?.state === 'in') await moveClaim(this.#deps, place, { claim: now, to: 'leaving' })
      const refused = await drive(this.#deps, place)
      if (refused) return refused
    }
    return this.read({ account, brandNo })
  }

  /** Counts what was seen of members and moves the reader's cursor behind it, in one step. */
  note(slot: SlotTag, observed: readonly Observed<Doing>[], reader: Reader): Promise<Noted> {
    return noteDoings(this.#deps.store, slot, { observed, reader })
  }

  /** Accounts of the partition that are in teams or lately were, with those that came until now. */
  members(slot: SlotTag): Promise<ReadonlySet<number>> {
    return this.#members.all(slot)
  }

  forgetKnown(slot: SlotTag): void {
    this.#members.forget(slot)
  }

  /** For the worker: tells teams what was contributed, pays, and goes on with what was cut off. */
  async pass(slot: SlotTag): Promise<number> {
    const { store, onError } = this.#deps
    const key = todoKey(slot)
    const places = await readTodo(store, key, { nowMs: nowOf(this.#deps), most: PASS_MAX })
    for (const some of chunks(places, AT_ONCE))
      await Promise.all(
        some.map(async (place) => {
          try {
            await drive(this.#deps, place)
          } catch (error) {
            onError(error)
            const laterMs = nowOf(this.#deps) + RETRY_MS
            await store.zadd(key, 'XX', laterMs, `${place.account} ${place.field}`)
          }
        }),
      )
    return places.length
  }

  /** Of who is erased no team knows more than a number. Repeating it is harmless. */
  async forget(account: number): Promise<void> {
    const { store, partitions } = this.#deps
    const slot = partitions.slotOf(account)
    for (const [, { code, sinceMs, terms }] of await readClaims(this.#deps, account))
      if ((await quitTeam(this.#deps, { code, sinceMs }, account)) === 'closed')
        await putAside(this.#deps, { code, terms, points: 0 })
    await forgetScript.run(store, {
      keys: { record: claimsKey(slot, account), members: membersKey(slot), todo: todoKey(slot) },
      args: { account: String(account) },
    })
  }

  #runningTerms(id: string, brandNo: number): Terms | undefined {
    const { teamTasks, timeZone } = this.#deps.rulebook().book
    const task = teamTasks.find((one) => one.id === id)
    const period = task && teamPeriodAt(task, { atMs: nowOf(this.#deps), timeZone })
    return task && period && termsOf(task, period, brandNo)
  }

  async #hasPerson({ members }: Team, account: number): Promise<boolean> {
    const { settledIn } = this.#deps
    const person = await settledIn(account)
    const persons = await Promise.all(members.map((member) => settledIn(member.account)))
    return persons.includes(person)
  }

  async #enter(
    { account, brandNo, network = '' }: Comer,
    wanted: Pick<Claim, 'code' | 'state' | 'terms'>,
  ): Promise<Answer> {
    const place = { account, field: fieldOf(wanted.terms) }
    // Leaving that was cut off comes to its end first.
    if ((await readClaim(this.#deps, place))?.state === 'leaving') await drive(this.#deps, place)
    const own = await claim(this.#deps, account, { ...wanted, network })
    if (!own) return refuse('busy')
    if (wanted.state === 'joining' && own.code !== wanted.code)
      return refuse('team_limit', { field: 'team' })
    const refused = own.state === 'in' ? undefined : await drive(this.#deps, place)
    if (refused) return refused
    await this.#tellOthers(own.code, account)
    return this.read({ account, brandNo })
  }

  /** Who looks at the team sees the newcomer at once; those who are not told look again by themselves. */
  async #tellOthers(code: string, by: number): Promise<void> {
    const { tell, onError } = this.#deps
    try {
      const team = await readTeam(this.#deps, code)
      const others = (team?.members ?? []).filter(({ account }) => account !== by)
      await Promise.all(others.map(({ account }) => tell(account)))
    } catch (error) {
      onError(error)
    }
  }
}
