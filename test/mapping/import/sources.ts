// Other products' files, as far as they are about presence.

export function callCentre({
  names,
  on,
  crm,
  telephony,
}: {
  readonly names: { readonly toggle: string; readonly crm: string; readonly telephony: string }
  readonly on: string
  readonly crm: string
  readonly telephony: string
}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<callCenter>
  <section sortOrder="0" name="a" label="A"><item sortOrder="0" name="reqDisplayName" label="Name">Support</item></section>
  <section sortOrder="1" name="b" label="B"><item sortOrder="0" name="${names.toggle}" label="On">${on}</item>
    <item sortOrder="1" name="${names.crm}" label="One">${crm}</item>
    <item sortOrder="2" name="${names.telephony}" label="Two">${telephony}</item>
  </section>
</callCenter>
`
}

/** A rule that says: when telephony becomes Lunch, the CRM becomes Lunch; with other words where given. */
export function presenceRule(rule: {
  readonly source?: string
  readonly a?: string
  readonly comparator?: string
  readonly b?: string
  readonly to?: string
  readonly value?: string
}): Readonly<Record<string, unknown>> {
  return {
    Name: 'a rule',
    acme__Source__c: rule.source ?? 'Connect Agent State Change',
    acme__Operand_A__c: rule.a ?? 'Connect Agent New State',
    acme__Comparator__c: rule.comparator ?? 'Equal to',
    acme__Operand_B__c: 'Static Value',
    acme__Operand_B_Value__c: rule.b ?? 'Lunch',
    acme__Destination__c: rule.to ?? 'Salesforce Agent State',
    acme__Value__c: rule.value ?? 'Lunch',
  }
}

export function rulesExport(rules: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify(rules, null, 2)
}
