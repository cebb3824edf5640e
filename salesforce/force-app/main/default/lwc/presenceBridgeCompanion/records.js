// Record ids and texts from Salesforce, in the forms that the bridge takes.

/** Ids come in 15 characters (case matters) and in 18 (three more that tell the case). The first 15 name the record. */
export function shortId(id) {
  return String(id ?? '').slice(0, 15)
}

export function sameRecord(one, other) {
  return shortId(one) !== '' && shortId(one) === shortId(other)
}

export function clip(text, length) {
  const whole = String(text ?? '')
  return whole.length > length ? `${whole.slice(0, length - 1)}…` : whole
}
