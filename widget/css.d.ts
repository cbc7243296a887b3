/** Style sheets are imported for their effect, or with `?inline` as text for shadow roots. */
declare module '*.css'
declare module '*.css?inline' {
  const text: string
  export default text
}
