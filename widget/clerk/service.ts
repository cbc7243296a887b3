/** What the clerk's page asks of the service. */

import type { ErrorCode } from '../../shared/errors.ts'
import type {
  CodeFirstUse,
  CodeUsed,
  CodeUseInput,
  PickupLine,
  PickupPointView,
} from '../../shared/rewards.ts'
import { REQUEST_MS } from './limits.ts'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface UseRefused {
  ok: false
  code: ErrorCode
  /** `until`: the code is over. */
  field?: string
  afterMs?: number
  first?: CodeFirstUse
}
export type UseAnswer = CodeUsed | UseRefused

/** The service was not reached, or could not answer now: what was asked is asked again. */
export class Unreached extends Error {
  override name = 'Unreached'
}

/** The key opens nothing any more. */
export class KeyRefused extends Error {
  override name = 'KeyRefused'
}

export interface PickupService {
  point(): Promise<PickupPointView>
  list(day: string): Promise<PickupLine[]>
  use(use: CodeUseInput): Promise<UseAnswer>
  /** In the order of the uses; undefined where one was not answered. */
  sync(uses: CodeUseInput[]): Promise<(UseAnswer | undefined)[]>
}

/** Every call throws `Unreached` or `KeyRefused` where there is no answer to go by. */
export function pickupService(fetch: Fetch, key: string): PickupService {
  async function ask(path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`/v1/pickup/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      cache: 'no-store',
      signal: AbortSignal.timeout(REQUEST_MS),
    }).catch((error: unknown) => {
      throw new Unreached(String(error))
    })
    const found: unknown = await response.json().catch(() => undefined)
    if (response.status === 401 || response.status === 403) throw new KeyRefused()
    if (typeof found !== 'object' || found === null || response.status >= 500)
      throw new Unreached(`status ${response.status}`)
    return { ...found }
  }
  const must = (answer: Record<string, unknown>) => {
    if (answer.ok !== true) throw new Unreached(String(answer.code))
    return answer
  }
  return {
    point: async () => must(await ask('point')) as unknown as PickupPointView,
    list: async (day) => must(await ask(`list?day=${day}`)).lines as PickupLine[],
    use: async (use) => (await ask('use', use)) as unknown as UseAnswer,
    async sync(uses) {
      const { uses: answers } = must(await ask('sync', { uses }))
      const told = Array.isArray(answers) ? (answers as (UseAnswer & { useId: string })[]) : []
      return uses.map(({ useId }) => told.find((one) => one.useId === useId))
    },
  }
}
