/** Which secrets a service may not be run with. */

import type { Key, Secret } from './secret.ts'
import type { IngestValues, Name, Values } from './variables.ts'

const SECRET_BYTES_MIN = 32
/** What a copied example contains; refused outside the demo. */
const SAMPLE = /sample|change-?me|example/i

/** Missing, short and sample secrets, by variable: allowed in the demo only, where everybody gets tickets anyway. */
export function weakSecrets(values: Values): string[] {
  if (values.FANFARE_DEMO) return []
  const serves = values.FANFARE_ROLES.has('gateway') || values.FANFARE_ROLES.has('api')
  return [
    ...weak('FANFARE_TICKET_SECRETS', secretsOf(values.FANFARE_TICKET_SECRETS), serves),
    ...weak('FANFARE_SESSION_SECRET', values.FANFARE_SESSION_SECRET ?? [], serves),
    ...weak(
      'FANFARE_API_SECRETS',
      secretsOf(values.FANFARE_API_SECRETS),
      values.FANFARE_ROLES.has('api'),
    ),
    ...weakToken(values),
  ]
}

/** The same of what the queue adapter knows. */
export const weakIngestSecrets = (values: IngestValues): string[] =>
  values.FANFARE_DEMO
    ? []
    : [
        ...weak('FANFARE_API_SECRETS', secretsOf(values.FANFARE_API_SECRETS), true),
        ...weakToken(values),
      ]

const secretsOf = (all: readonly Key[] | undefined) => (all ?? []).map((key) => key.secret)

const weakToken = ({ FANFARE_METRICS_TOKEN: token }: Pick<Values, 'FANFARE_METRICS_TOKEN'>) =>
  weak('FANFARE_METRICS_TOKEN', token ? [token] : [], false)

function weak(name: Name, found: readonly Secret[], needed: boolean): string[] {
  const problems =
    needed && found.length === 0 ? [`${name} is missing; set it or ${name}_FILE`] : []
  for (const secret of found) {
    const text = secret.reveal()
    if (SAMPLE.test(text))
      problems.push(`${name} holds a sample secret; make one with: openssl rand -base64 33`)
    else if (Buffer.byteLength(text) < SECRET_BYTES_MIN)
      problems.push(`${name} holds a secret shorter than ${SECRET_BYTES_MIN} bytes`)
  }
  return problems
}
