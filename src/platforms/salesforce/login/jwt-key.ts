// The private key that signs the bridge's log-in, as it stands in the settings: read, or said in one sentence why it is none.

import { createPrivateKey, type KeyObject } from 'node:crypto'

/** Salesforce takes RS256 only, and certificates of at least this many bits (Certificate and Key Management offers 2048 and 4096). */
const BITS_MIN = 2048

const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/

/** PKCS#8 or PKCS#1, as PEM text; a sentence where it is something else. The text itself is never repeated. */
export function readPrivateKey(pem: string): KeyObject | string {
  // An environment variable often has the two characters \n where the file has line ends.
  const text = pem.replaceAll('\\n', '\n').trim()
  const wrong = wrongKind(text)
  if (wrong !== null) return `${wrong} ${EXPECTED}`
  try {
    return checked(createPrivateKey(text))
  } catch {
    // OpenSSL's words ("DECODER routines::unsupported") help nobody, and might show parts of what it read.
    return `crm.auth.private_key begins like a private key but cannot be read: it may be cut off or damaged. ${EXPECTED}`
  }
}

const EXPECTED =
  'Expected an RSA private key in PEM form (BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY), without a password.'

function wrongKind(text: string): string | null {
  const kind = BEGIN.exec(text)?.[1]
  if (kind === undefined) return 'crm.auth.private_key is no PEM text: there is no line "-----BEGIN PRIVATE KEY-----".'
  if (kind === 'ENCRYPTED PRIVATE KEY' || text.includes('Proc-Type: 4,ENCRYPTED')) {
    return 'crm.auth.private_key is protected by a password: write it out without (openssl pkey -in server.key -out plain.key) and guard the file.'
  }
  if (kind.includes('CERTIFICATE')) {
    return 'crm.auth.private_key is a certificate: that one is uploaded to the external client app; the bridge needs the key that belongs to it.'
  }
  if (kind.includes('PUBLIC KEY')) return 'crm.auth.private_key is a public key: the bridge needs the private one.'
  if (kind === 'OPENSSH PRIVATE KEY') return 'crm.auth.private_key is a key for SSH.'
  if (kind === 'EC PRIVATE KEY') return 'crm.auth.private_key is an elliptic-curve key: Salesforce takes RSA keys only.'
  return kind.endsWith('PRIVATE KEY') ? null : `crm.auth.private_key is a PEM text of another kind (${kind}).`
}

function checked(key: KeyObject): KeyObject | string {
  if (key.asymmetricKeyType !== 'rsa')
    return `crm.auth.private_key is a key of the kind "${key.asymmetricKeyType}": Salesforce takes RSA keys only. ${EXPECTED}`
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < BITS_MIN) return `crm.auth.private_key has ${bits} bits: Salesforce takes ${BITS_MIN} or more.`
  return key
}
