/** Who somebody is: tickets, sessions, and the account that a person has at a brand. */

export {
  eraseAccount,
  findAccount,
  type Identity,
  openPepper,
  type Registry,
  resolveAccount,
} from './account.ts'
export { type Admission, admit, type Credentials, type Gate, viewerIdentity } from './admit.ts'
export { birthdayOf, setBirthday } from './birthday.ts'
export { inviteHandle, openInviteHandle } from './invite-link.ts'
export { PERSON_KEYS } from './keys.ts'
export * from './limits.ts'
export { knownSince, type Link, listLinks, moveLinks } from './links.ts'
export { namelessAs } from './name.ts'
export { findNamed } from './named.ts'
export { networkOf, placeOf } from './network.ts'
export {
  FurtherIds,
  identityOf,
  linkIdentity,
  unlinkIdentity,
} from './person.ts'
export { type Profile, type Profiles, readProfiles } from './profile.ts'
export { issueOperatorSession, issueResume, type ResumeClaims, verifyResume } from './resume.ts'
export { type Revoked, revoke, unrevoke } from './revoke.ts'
export {
  type BrandKey,
  type SecretText,
  type SessionKeys,
  sessionKeys,
  type TicketKeys,
  ticketKeys,
} from './secrets.ts'
export { type ClientSession, readSession, signSession } from './session.ts'
export {
  type ApiKey,
  type ApiKeys,
  apiKeys,
  SIGNATURE_HEADER,
  type SignatureCheck,
  type Signed,
  type SignedRequest,
  signRequest,
  verifySignature,
} from './signature.ts'
export {
  createStageKey,
  listStageKeys,
  readStageKey,
  revokeStageKey,
  type StageKeyInfo,
  stageJti,
} from './stage-key.ts'
export {
  type Claims,
  CONSOLE_ROOM,
  issueTicket,
  type NewTicket,
  ROLES,
  type TicketRefusal,
  type Verified,
  verifyTicket,
} from './ticket.ts'
export { type TicketCommandConfig, ticketCommand } from './ticket-command.ts'
export { type Revocations, watchRevocations } from './watch-revocations.ts'
export { readWhose } from './whose.ts'
