// A component that is drawn anew only when something that it is given is different.

import { createElement, type FunctionComponent } from 'preact'

type Updating<P> = { shouldComponentUpdate?: (next: Readonly<P>) => boolean; readonly props: Readonly<P> }

export function memo<P extends object>(of: FunctionComponent<P>): FunctionComponent<P> {
  function Memo(this: Updating<P>, props: P) {
    this.shouldComponentUpdate = (next) => differ(this.props, next)
    return createElement(of, props)
  }
  return Memo as FunctionComponent<P>
}

function differ<P extends object>(before: Readonly<P>, after: Readonly<P>): boolean {
  const keys = Object.keys(after) as (keyof P)[]
  return keys.some((key) => before[key] !== after[key])
}
