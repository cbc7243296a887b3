/** Rooms: lives, heat, moments, cues, and what a host does to the picture. */

export * from './cues.ts'
export {
  type Ending,
  type EndingStep,
  forgetEnding,
  forgetPlace,
  listEndings,
  moveEnding,
  roomOfLive,
} from './endings.ts'
export * from './greet.ts'
export * from './heat.ts'
export {
  brandNumber,
  brandNumbers,
  earningNumber,
  type Issuer,
  nameIssuers,
  readIssuers,
} from './issuers.ts'
export { keysOfRoom } from './keys.ts'
export * from './like-comment.ts'
export { GREETED_PER_CALL, ROOM_READS_AT_ONCE, TIERS_REACHED_PER_CALL } from './limits.ts'
export * from './live.ts'
export * from './moments.ts'
export * from './pulse-log.ts'
export { readReplays, setReplay } from './replays.ts'
export {
  createRoom,
  getRoom,
  listRooms,
  type NewRoom,
  type Room,
  type RoomPage,
  type RoomRecord,
  roomRung,
  setHost,
  setRoomRung,
} from './room.ts'
export * from './stage.ts'
