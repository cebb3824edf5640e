// What an error of the Salesforce API means: rights and credentials that someone has to put right, or "not now".

import { CredentialsRefused } from '../../domain/platform.ts'

/** Errors of the token endpoint that no repetition cures (OAuth error codes of Salesforce's token endpoint). */
const TOKEN_REFUSALS: ReadonlySet<string> = new Set([
  'invalid_client',
  'invalid_client_id',
  'invalid_client_credentials',
  'invalid_grant',
  'invalid_app_access',
  'unauthorized_client',
  'inactive_user',
  'inactive_org',
  'unsupported_grant_type',
  'access_denied',
  'invalid_request',
])

/** REST error codes that mean a missing right or set-up, see "Status Codes and Error Responses" of the REST guide. */
const MISSING_RIGHTS: ReadonlySet<string> = new Set([
  'INVALID_TYPE',
  'INVALID_FIELD',
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'FUNCTIONALITY_NOT_ENABLED',
])

/** Salesforce's error code, or the error's name. */
export function codeOf(error: unknown): string {
  return textOf(error, 'errorCode') ?? textOf(error, 'name') ?? ''
}

/** "EADDRINUSE" and the like. */
export function systemCodeOf(error: unknown): string {
  return textOf(error, 'code') ?? ''
}

export function wordsOf(error: unknown): string {
  return textOf(error, 'message') ?? String(error)
}

function textOf(error: unknown, member: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, member) : undefined
  return typeof value === 'string' ? value : undefined
}

export function tokenRefusal(error: unknown): CredentialsRefused | null {
  const code = codeOf(error)
  if (!TOKEN_REFUSALS.has(code)) return null
  return new CredentialsRefused(
    `Salesforce refused the credentials (${code}: ${wordsOf(error)}). Check crm.login_url (it must be the org's My Domain URL), ` +
      'the client id and secret, and that the app allows the client credentials flow with an active run-as user.',
  )
}

export function isMissingRight(error: unknown): boolean {
  return MISSING_RIGHTS.has(codeOf(error))
}

export function missingRight(error: unknown, operation: string): CredentialsRefused {
  return new CredentialsRefused(
    `Salesforce did not let the run-as user read what "${operation}" needs (${codeOf(error)}: ${wordsOf(error)}). ` +
      'Check that Omni-Channel is enabled and that the user has the permission set of presence-bridge.',
  )
}

export function sessionsRefused(): CredentialsRefused {
  return new CredentialsRefused(
    'Salesforce gives out access tokens but refuses every call made with them. Check that the run-as user has "API Enabled", ' +
      'and the IP restrictions and session policies of the connected app.',
  )
}
