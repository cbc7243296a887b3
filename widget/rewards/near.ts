/** Where the viewer is: as the page says, or the browser where the viewer asks for it. Kept nowhere. */

import { coarse, type Position } from '../../shared/distance.ts'
import { NEAR_WAIT_MS } from './limits.ts'

/** `30.27,120.15`; undefined where it is none. */
export function readNear(text: string | undefined): Position | undefined {
  const [lat = Number.NaN, lon = Number.NaN] = (text ?? '').split(',').map(Number)
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? coarse({ lat, lon }) : undefined
}

export const canLocate = (): boolean => 'geolocation' in navigator

/** Asks the browser, which asks the viewer; undefined where one of them refuses. */
export const locate = (): Promise<Position | undefined> =>
  new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done(coarse({ lat: coords.latitude, lon: coords.longitude })),
      () => done(undefined),
      { maximumAge: NEAR_WAIT_MS * 10, timeout: NEAR_WAIT_MS },
    )
  })
