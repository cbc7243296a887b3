/** How far apart two places on earth are. */

export interface Position {
  /** Degrees. */
  lat: number
  lon: number
}

const EARTH_M = 6_371_000
const radians = (degrees: number): number => (degrees * Math.PI) / 180
const halfSquare = (angle: number): number => Math.sin(angle / 2) ** 2

/** Metres along the surface, by the haversine formula; the earth taken as a ball. */
export function metresBetween(a: Position, b: Position): number {
  const part =
    halfSquare(radians(b.lat - a.lat)) +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * halfSquare(radians(b.lon - a.lon))
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(part)))
}

/** To a thousandth of a degree, about 100 m: enough to find the nearest shop, and no more than that. */
export const coarse = ({ lat, lon }: Position): Position => ({
  lat: Math.round(lat * 1000) / 1000,
  lon: Math.round(lon * 1000) / 1000,
})
