/** Holds what is described against what is sent, as types. */

type Plain = string | number | boolean | null | undefined
type KeyOf<T> = T extends unknown ? keyof T : never
type At<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never
/** JSON names everything by text. */
type Name<K> = number extends K ? string : K
type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never

/** Names of fields of `Sent`, at any depth, that `Shape` lacks. That a field fits its shape `z.ZodType` says. */
export type Undescribed<Sent, Shape> = Of<Exclude<Sent, Plain>, Exclude<Shape, Plain>>

type Of<Sent, Shape> = [Sent] extends [never]
  ? never
  : [Sent] extends [readonly unknown[]]
    ? Undescribed<ItemOf<Sent>, ItemOf<Shape>>
    : {
        [K in KeyOf<Sent>]: Name<K> extends KeyOf<Shape>
          ? Undescribed<At<Sent, K>, At<Shape, Name<K>>>
          : K
      }[KeyOf<Sent>]

/** Compiles only where nothing is left over. */
export const nothing = <Left extends never>(..._left: Left[]): void => undefined
