// Who may ask what: reading is free on this machine only, changing always needs the token.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'

export type Access = { readonly listenHost: string; readonly token: string | null }

/** Nothing but what this server itself sends runs, loads or frames the page. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** Kept by the reader's browser alone: reading may need the token. */
export const IMMUTABLE = 'private, max-age=31536000, immutable'

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

export function secureHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next()
    const kept = context.res.headers.get('cache-control')
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value)
    // What is named by its content never changes.
    if (kept === IMMUTABLE) context.header('cache-control', kept)
  }
}

/**
 * On loopback there is no token for reading, so a foreign page must not get there under a name of its own that it lets point to
 * 127.0.0.1 (DNS rebinding).
 */
export function checkHost({ listenHost }: Access): MiddlewareHandler {
  return async (context, next) => {
    if (!isLoopback(listenHost)) return next()
    const name = (context.req.header('host') ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
    if (isLoopback(name.toLowerCase())) return next()
    return context.json({ ok: false, error: 'Ask for this server by its address on this machine.' }, 403)
  }
}

/** Whether a request may read, for routes that tell less to those who may not. */
export function mayRead(access: Access, authorization: string | undefined): boolean {
  if (isLoopback(access.listenHost)) return true
  return (
    access.token !== null && [bearer(authorization), basicPassword(authorization)].some((it) => same(it, access.token))
  )
}

export function requireToRead(access: Access): MiddlewareHandler {
  return async (context, next) => {
    if (mayRead(access, context.req.header('authorization'))) return next()
    const error =
      access.token === null
        ? 'Reading over the network needs a token, and none is configured: set ops.token in the settings.'
        : 'Reading over the network needs the token: Authorization: Bearer TOKEN.'
    // Browsers cannot send a bearer token with a page; they ask for a password, which is the token.
    return context.json({ ok: false, error }, 401, { 'www-authenticate': 'Basic realm="presence-bridge"' })
  }
}

/** Bearer only: a browser adds a password that it knows to requests of foreign pages too. */
export function requireToChange({ token }: Access): MiddlewareHandler {
  return async (context, next) => {
    if (token !== null && same(bearer(context.req.header('authorization')), token)) return next()
    const error =
      token === null
        ? 'Changes need a token, and none is configured: set ops.token in the settings.'
        : 'Changes need the token: Authorization: Bearer TOKEN.'
    return context.json({ ok: false, error }, 401, { 'www-authenticate': 'Bearer realm="presence-bridge"' })
  }
}

/**
 * Orders from a browser come from this server's own page, as JSON. The token alone would do, as no foreign page can add it; this holds should
 * somebody ever put the server behind a gateway that adds it for everybody. Programs send neither header and are not asked.
 */
export function requireOwnPage(): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header('origin')
    const site = context.req.header('sec-fetch-site')
    if (origin === undefined && site === undefined) return next()
    const own = site === undefined ? hostOf(origin) === context.req.header('host') : site === 'same-origin'
    if (!own) return context.json({ ok: false, error: 'Orders from pages of other addresses are not taken.' }, 403)
    if (/^application\/json(;|$)/i.test(context.req.header('content-type') ?? '')) return next()
    return context.json({ ok: false, error: 'Send the order as application/json.' }, 400)
  }
}

function hostOf(origin: string | undefined): string | null {
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host : null
}

function bearer(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
}

function basicPassword(authorization: string | undefined): string | undefined {
  const encoded = /^Basic +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  return Buffer.from(encoded, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '')
}

/** Takes the same time wherever they differ, and whatever their lengths. */
function same(given: string | undefined, wanted: string | null): boolean {
  if (given === undefined || wanted === null) return false
  return timingSafeEqual(digest(given), digest(wanted))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
