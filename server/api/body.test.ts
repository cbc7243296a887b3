import { expect, test } from 'vitest'
import { readBody } from './body.ts'

test('[A4] a body that is cut off is refused, and no fault of ours', async () => {
  const body = new ReadableStream({
    start: (stream) => stream.enqueue(Buffer.from('{"key":')),
    pull: (stream) => stream.error(new Error('aborted')),
  })
  const request = new Request('http://here/', { method: 'POST', body, duplex: 'half' } as object)
  expect(await readBody(request)).toBeUndefined()
})
