/** The camera: looks for a QR code a few times a second, with what the browser has or with our own reader. */

import type { Runtime } from '../client/runtime.ts'
import { LOOK_MS, LOOK_PX } from './limits.ts'

type Look = (picture: HTMLCanvasElement) => Promise<string | undefined>

interface Detector {
  detect(picture: HTMLCanvasElement): Promise<{ rawValue: string }[]>
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/** The browser's own reader where it knows QR codes; it is quick and spares the battery. */
async function nativeLook(): Promise<Look | undefined> {
  const Native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  try {
    if (!Native || !(await Native.getSupportedFormats()).includes('qr_code')) return undefined
    const detector = new Native({ formats: ['qr_code'] })
    return async (picture) => (await detector.detect(picture))[0]?.rawValue
  } catch {
    return undefined
  }
}

async function ownLook(): Promise<Look> {
  const { default: decode } = await import('qr/decode.js')
  return async (picture) => {
    const { width, height } = picture
    const pixels = picture.getContext('2d', { willReadFrequently: true })
    if (!pixels || width === 0) return undefined
    try {
      return decode(pixels.getImageData(0, 0, width, height))
    } catch {
      // No code in this picture; the next one may have it.
      return undefined
    }
  }
}

/** Loads the reader, so that it is there also without network. */
export const readyReader = (): Promise<Look> => ownLook()

/** The middle square of what the camera sees, no larger than is needed. */
function take(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
  const { videoWidth, videoHeight } = video
  const side = Math.min(videoWidth, videoHeight)
  const size = Math.min(side, LOOK_PX)
  canvas.width = size
  canvas.height = size
  canvas
    .getContext('2d', { willReadFrequently: true })
    ?.drawImage(
      video,
      (videoWidth - side) / 2,
      (videoHeight - side) / 2,
      side,
      side,
      0,
      0,
      size,
      size,
    )
}

export interface Scanner {
  stop(): void
}

/** Why there is no picture: not allowed, none there, held by another app, or the page did not come by https. */
export type CameraFault = 'denied' | 'absent' | 'taken' | 'insecure'

class Insecure extends Error {
  override name = 'Insecure'
}

const FAULTS: Record<string, CameraFault> = {
  Insecure: 'insecure',
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotReadableError: 'taken',
  AbortError: 'taken',
}

/** What a failed `startScanner` means for who holds the phone. */
export const cameraFault = (error: unknown): CameraFault =>
  (error instanceof Error && FAULTS[error.name]) || 'absent'

/** Shows the camera in `video` and tells every code it reads. Throws what `cameraFault` names. */
export async function startScanner(
  video: HTMLVideoElement,
  found: (text: string) => void,
  runtime: Pick<Runtime, 'after'>,
): Promise<Scanner> {
  if (!navigator.mediaDevices) throw new Insecure()
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1280 } },
  })
  video.srcObject = stream
  await video.play()
  const canvas = document.createElement('canvas')
  const look = (await nativeLook()) ?? (await ownLook())
  let ended = false
  async function round(): Promise<void> {
    if (ended) return
    if (video.videoWidth > 0) {
      take(video, canvas)
      const text = await look(canvas).catch(() => undefined)
      if (text && !ended) found(text)
    }
    runtime.after(LOOK_MS, () => void round())
  }
  void round()
  return {
    stop() {
      ended = true
      for (const track of stream.getTracks()) track.stop()
      video.srcObject = null
    },
  }
}
