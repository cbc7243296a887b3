/** A generator of its own process, so that it can be pinned to a core and its processor time be told apart. */

import { Crowd } from './crowd.ts'
import type { Answered, Asked } from './wishes.ts'

const crowd = new Crowd()

function grant(asked: Asked): Promise<object> | object {
  switch (asked.name) {
    case 'open':
      return crowd.open(asked.wish)
    case 'burst':
      return crowd.burst(asked.wish)
    case 'pace':
      return crowd.pace(asked.wish)
    case 'listen':
      return crowd.listen(asked.wish.ms)
    case 'close':
      crowd.close()
      return {}
  }
}

const answer = (given: Answered) => void process.send?.(given)

process.on('message', (asked: Asked) => {
  Promise.resolve()
    .then(() => grant(asked))
    .then(
      (granted) => answer({ answer: granted }),
      (error: unknown) => answer({ fault: error instanceof Error ? error.message : String(error) }),
    )
})
// Nobody is left behind when the bench ends.
process.on('disconnect', () => process.exit(0))
