import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { renderEnvExample, variableList } from './config/documents.ts'
import { ConfigError, loadConfig } from './config.ts'

const long = 'q'.repeat(32)
const production = {
  REDIS_URL: 'redis://user:hunter2@127.0.0.1:6379',
  FANFARE_TICKET_SECRETS: `k1:acme:${long}1,k2:acme:${long}2`,
  FANFARE_SESSION_SECRET: `${long}3`,
  FANFARE_API_SECRETS: `s1:acme:${long}:with:colons`,
}

function problems(env: Record<string, string>, readText?: (path: string) => string) {
  try {
    loadConfig(env, readText)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('values', () => {
  test('defaults are those of the documents', () => {
    const config = loadConfig(production)
    expect(config.api.port).toBe(7070)
    expect(config.gateway).toMatchObject({ port: 7071, processes: 1, pulseMs: 500 })
    expect([...config.roles]).toEqual(['gateway', 'api', 'worker'])
    expect(config.redis.partitions).toBe(64)
    expect(config.demo).toBe(false)
  })

  test('lists, nested values and secrets with colons are read', () => {
    const config = loadConfig({
      ...production,
      FANFARE_ROLES: 'worker, api',
      FANFARE_DURABILITY: 'replicas:2',
      FANFARE_ALLOWED_ORIGINS: 'https://shop.test,acme=https://live.acme.test:8443',
    })
    expect([...config.roles]).toEqual(['worker', 'api'])
    expect(config.redis.durability).toEqual({ kind: 'replicas', count: 2 })
    expect(config.gateway.allowedOrigins).toEqual([
      { origin: 'https://shop.test', brand: undefined },
      { origin: 'https://live.acme.test:8443', brand: 'acme' },
    ])
    expect(config.keys.api[0]?.secret.reveal()).toBe(`${long}:with:colons`)
    expect(config.keys.tickets.map((key) => key.kid)).toEqual(['k1', 'k2'])
  })

  test('a process with the worker gives way, unless viewers wait for it', () => {
    expect(loadConfig({ ...production, FANFARE_ROLES: 'api,worker' }).nice).toBe(10)
    expect(loadConfig({ ...production, FANFARE_ROLES: 'api' }).nice).toBe(0)
    expect(loadConfig(production).nice).toBe(0)
  })

  test('an empty variable counts as not set', () => {
    expect(loadConfig({ ...production, FANFARE_API_PORT: '' }).api.port).toBe(7070)
  })

  test('secrets come from files, one per line, with remarks', () => {
    const { FANFARE_TICKET_SECRETS, ...rest } = production
    const config = loadConfig(
      { ...rest, FANFARE_TICKET_SECRETS_FILE: '/run/secrets/tickets' },
      () => `# first signs\n${FANFARE_TICKET_SECRETS.replace(',', '\n')}\n`,
    )
    expect(config.keys.tickets.map((key) => key.kid)).toEqual(['k1', 'k2'])
  })
})

describe('refusals', () => {
  test('an unknown variable names the nearest known one', () => {
    expect(problems({ ...production, FANFARE_GATEWAY_PROT: '1' })).toEqual([
      'FANFARE_GATEWAY_PROT is unknown; did you mean FANFARE_GATEWAY_PORT?',
    ])
  })

  test('every wrong variable is named at once', () => {
    const found = problems({
      ...production,
      FANFARE_API_PORT: '70700',
      FANFARE_PULSE_MS: '100',
      FANFARE_ROLES: 'gateway,cook',
      FANFARE_PUBLIC_URL: 'https://shop.test/path',
      FANFARE_SESSIONS: 'x',
    })
    const names = found.map((line) => line.split(' ')[0]).sort()
    expect(names).toEqual([
      'FANFARE_API_PORT',
      'FANFARE_PUBLIC_URL',
      'FANFARE_PULSE_MS',
      'FANFARE_ROLES',
      'FANFARE_SESSIONS',
    ])
  })

  test('missing, short and sample secrets are refused outside the demo', () => {
    expect(problems({ REDIS_URL: 'redis://r' }).map((line) => line.split(';')[0])).toEqual([
      'FANFARE_TICKET_SECRETS is missing',
      'FANFARE_SESSION_SECRET is missing',
      'FANFARE_API_SECRETS is missing',
    ])
    const weak = {
      ...production,
      FANFARE_SESSION_SECRET: 'short',
      FANFARE_API_SECRETS: 's1:demo:sample-api-secret-00000000000000000',
    }
    expect(problems(weak).map((line) => line.split(';')[0])).toEqual([
      'FANFARE_SESSION_SECRET holds a secret shorter than 32 bytes',
      'FANFARE_API_SECRETS holds a sample secret',
    ])
    expect(problems({ ...weak, FANFARE_DEMO: '1' })).toEqual([])
  })

  test('each sample of .env.example is refused outside the demo', () => {
    const samples = variableList().filter(({ name, example }) => /SECRET/.test(name) && example)
    expect(samples).toHaveLength(3)
    for (const { name, example } of samples)
      expect(problems({ ...production, [name]: example })).toEqual([
        expect.stringContaining(`${name} holds a sample secret`),
      ])
  })

  test('a worker alone needs no secrets', () => {
    expect(problems({ REDIS_URL: 'redis://r', FANFARE_ROLES: 'worker' })).toEqual([])
  })

  test('a variable and its file, and a file that is not there', () => {
    expect(problems({ ...production, FANFARE_SESSION_SECRET_FILE: 'f' }, () => long)).toEqual([
      'FANFARE_SESSION_SECRET and FANFARE_SESSION_SECRET_FILE are both set; set one',
    ])
    expect(
      problems({
        REDIS_URL: 'redis://r',
        FANFARE_ROLES: 'worker',
        FANFARE_API_SECRETS_FILE: '/nowhere',
      }),
    ).toEqual([expect.stringContaining('FANFARE_API_SECRETS_FILE cannot be read')])
  })

  test('two keys may not share a kid', () => {
    expect(
      problems({ ...production, FANFARE_TICKET_SECRETS: `k:a:${long}1,k:b:${long}2` }),
    ).toEqual(['FANFARE_TICKET_SECRETS every kid may be there once only'])
  })

  test('a refusal does not print the secret', () => {
    expect(problems({ ...production, FANFARE_TICKET_SECRETS: 'hunter2' }).join()).not.toContain(
      'hunter2',
    )
  })
})

test('nothing that prints the configuration prints a secret', () => {
  const config = loadConfig({ ...production, FANFARE_METRICS_TOKEN: `${long}hunter2` })
  for (const text of [
    JSON.stringify(config),
    inspect(config, { depth: 9, showHidden: true }),
    `${config.redis.url}`,
  ]) {
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain(long)
  }
})

test('the document names every variable', () => {
  for (const { name } of variableList()) expect(renderEnvExample()).toContain(`#${name}=`)
})
