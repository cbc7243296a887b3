import { afterEach, describe, expect, it, vi } from 'vitest'
import { cameraFault, startScanner } from './scan.ts'

afterEach(() => vi.unstubAllGlobals())

describe('a camera without a picture', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'absent'],
    ['OverconstrainedError', 'absent'],
    ['NotReadableError', 'taken'],
  ])('[CK9] %s means %s', (name, fault) => {
    expect(cameraFault(new DOMException('', name))).toBe(fault)
  })

  it('[CK9] a page that did not come by https has no cameras to ask', async () => {
    vi.stubGlobal('navigator', {})
    const video = {} as HTMLVideoElement
    const started = startScanner(video, () => {}, { after: () => () => {} })
    expect(await started.then(() => 'on', cameraFault)).toBe('insecure')
  })
})
