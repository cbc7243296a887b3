/** Shapes that every part of the API uses: ids, times, names, and the answer of what succeeded. */

import { z } from 'zod'
import { ID_PATTERN } from '../../../shared/ids.ts'
import { MAX_POINTS } from '../../../shared/points.ts'
import { ACTIONS, type Action } from '../../../shared/receipt.ts'
import { isTimeZone } from '../../../shared/time.ts'
import { ROLES } from '../../identity/index.ts'

/** The names of a table, as an enum of zod takes them. */
export const names = <T extends string>(table: Record<T, number>) =>
  Object.keys(table) as [T, ...T[]]

export const Id = z.string().regex(ID_PATTERN)
export const Ms = z.int().min(0).describe('Unix time, ms')
export const Points = z.int().min(0).max(MAX_POINTS)
export const Count = z.int().min(0)
export const ActionName = z.enum(names<Action>(ACTIONS))

export const RoleName = z.enum(ROLES)
export const Lang = z.enum(['zh', 'en'])
export const TimeZone = z.string().max(64).refine(isTimeZone, { message: 'not an IANA time zone' })

/** A name as somebody typed it. */
export const Name = z.string().trim().min(1).max(60)

/** Hundredths of a yuan, at most ten million yuan. */
export const AmountFen = z.int().min(1).max(1_000_000_000)

/** A successful answer with these fields. */
export const ok = <S extends z.ZodRawShape>(shape: S) => z.object({ ok: z.literal(true), ...shape })

export const TicketShape = { ticket: z.string().describe('JWT'), expiresAtMs: Ms }
