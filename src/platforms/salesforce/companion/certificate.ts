// The endpoint's own TLS: certificate and key are checked when the bridge starts, and the end of the certificate is told of in time.

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { ServerOptions } from 'node:https'
import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { CompanionSettings } from '../settings.ts'
import { CERTIFICATE_CHECK_MS, CERTIFICATE_WARNING_MS, REQUEST_TIMEOUT_MS } from './limits.ts'

type Tls = NonNullable<CompanionSettings['tls']>

/** Throws with a plain sentence where the two cannot serve. */
export function tlsOptions({ certificate, key }: Tls, now: number): ServerOptions {
  const leaf = readCertificate(certificate)
  const privateKey = readKey(key)
  if (!leaf.checkPrivateKey(privateKey))
    throw new Error('companion.tls: the key does not belong to the certificate (the first one of the file).')
  const { validFrom, validTo } = timesOf(leaf)
  if (validTo <= now)
    throw new Error(`companion.tls: the certificate expired on ${isoDay(validTo)}; no browser connects to it.`)
  if (validFrom > now) throw new Error(`companion.tls: the certificate is not valid before ${isoDay(validFrom)}.`)
  return {
    cert: certificate,
    key,
    minVersion: 'TLSv1.2',
    handshakeTimeout: REQUEST_TIMEOUT_MS,
  }
}

export type CertificateWatch = {
  /** Warns where the end is near; looks once a day, however often it is called. */
  sweep(): void
  /** "2027-02-01"; absent where there is no certificate. */
  details(): Readonly<Record<string, string>>
}

/** `org`: a public key alone has no end, and nothing is said of it. */
export function watchCertificates(deps: {
  readonly clock: Clock
  readonly log: Log
  readonly tls: Tls | null
  readonly org: string
}): CertificateWatch {
  const { clock, log } = deps
  const ends = new Map<'tls' | 'org', number>()
  if (deps.tls) ends.set('tls', timesOf(readCertificate(deps.tls.certificate)).validTo)
  const org = certificateIn(deps.org)
  if (org) ends.set('org', timesOf(org).validTo)
  let lookedAt = Number.NEGATIVE_INFINITY

  return {
    sweep() {
      const now = clock.now()
      if (now - lookedAt < CERTIFICATE_CHECK_MS) return
      lookedAt = now
      for (const [which, validTo] of ends) {
        if (validTo - now > CERTIFICATE_WARNING_MS) continue
        const fields = { code: 'certificate_expires', which, expires: isoDay(validTo) }
        log.warn(
          fields,
          'A certificate of the companion endpoint ends soon or has ended; consoles cannot connect without it',
        )
      }
    },
    details() {
      const [tls, orgEnd] = [ends.get('tls'), ends.get('org')]
      return {
        ...(tls === undefined ? {} : { companion_certificate_expires: isoDay(tls) }),
        ...(orgEnd === undefined ? {} : { org_certificate_expires: isoDay(orgEnd) }),
      }
    },
  }
}

function readCertificate(pem: string): X509Certificate {
  const found = certificateIn(pem)
  if (!found) throw new Error('companion.tls: the certificate is not a PEM certificate.')
  return found
}

function certificateIn(pem: string): X509Certificate | null {
  if (!pem.includes('BEGIN CERTIFICATE')) return null
  try {
    return new X509Certificate(pem)
  } catch {
    return null
  }
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw new Error('companion.tls: the key is not a PEM private key without a passphrase.', { cause })
  }
}

function timesOf(certificate: X509Certificate): { readonly validFrom: number; readonly validTo: number } {
  return { validFrom: Date.parse(certificate.validFrom), validTo: Date.parse(certificate.validTo) }
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
