// The companion on the page: gives the plain modules what a browser has, and shows what they tell. The Omni-Channel toolkit exists for Aura
// only, so this element stands in an Aura component (presenceBridgeUtility), asks it by the event `ask` and hears it through its methods.

import readSettings from '@salesforce/apex/PresenceBridgeToken.settings'
import readToken from '@salesforce/apex/PresenceBridgeToken.token'
import { api, LightningElement } from 'lwc'
import { createCompanion } from './companion'
import { viewOf } from './view'

const CLOCK = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
const NOTHING = { link: { kind: 'off' }, lead: false, agent: null, notice: null, last: null, problem: null }

export default class PresenceBridgeCompanion extends LightningElement {
  view = viewOf(NOTHING, Date.now())
  state = NOTHING

  connectedCallback() {
    this.companion = createCompanion({
      connect: (url) => new WebSocket(url),
      clock: CLOCK,
      random: Math.random,
      ask: (call) => this.dispatchEvent(new CustomEvent('ask', { detail: call })),
      readSettings: () => apex(readSettings),
      readToken: () => apex(readToken),
      // Of this page load: a name kept in the tab would be copied when the tab is duplicated, and two tabs would push each other out.
      tab: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
      onState: (state) => this.show(state),
    })
    this.wake = () => this.companion.wake()
    this.shown = () => document.visibilityState === 'visible' && this.companion.wake()
    document.addEventListener('visibilitychange', this.shown)
    document.addEventListener('resume', this.wake)
    window.addEventListener('online', this.wake)
    this.companion.start()
  }

  disconnectedCallback() {
    document.removeEventListener('visibilitychange', this.shown)
    document.removeEventListener('resume', this.wake)
    window.removeEventListener('online', this.wake)
    clearInterval(this.ticking)
    this.companion.stop()
  }

  /** An event of the toolkit: `{ name, params }`. */
  @api toolkitEvent(event) {
    this.companion?.toolkitEvent(event)
  }

  /** The answer to what was asked by the event `ask`: `{ call, ok, result, message }`. */
  @api toolkitAnswer(answer) {
    this.companion?.toolkitAnswer(answer)
  }

  get markClass() {
    return `mark mark_${this.view.tone}`
  }

  retry() {
    this.companion.retry()
  }

  show(state) {
    this.state = state
    this.view = viewOf(state, Date.now())
    clearInterval(this.ticking)
    if (state.link.kind === 'waiting') this.ticking = setInterval(() => this.tick(), 1000)
  }

  tick() {
    this.view = viewOf(this.state, Date.now())
  }
}

/** Apex tells what went wrong in the body of what it throws. */
async function apex(method) {
  try {
    return await method()
  } catch (error) {
    throw new Error(error?.body?.message ?? error?.message ?? 'Salesforce gave no answer.')
  }
}
