/** Two gateway processes, every command sent to both, one of them killed in the middle. */

import { test } from 'vitest'
import { useServices } from '../use-services.testing.ts'
import { playDoubled, publishPlain } from './exactly-once.testing.ts'

const services = useServices()

test('[GW11 C28 P4 000-15] 200 viewers, every command on two gateways, one killed: acknowledged = credited, nothing twice', async () => {
  const store = services.store()
  await publishPlain(store)
  const [one, two] = await services.start('gateway', 'gateway')
  await playDoubled({
    store,
    one,
    two,
    viewers: 200,
    commands: 12,
    during: async (round) => {
      if (round === 6) await one.kill()
    },
  })
})
