// A waiting line in which anyone can leave from anywhere at the same cost, however long it is.

export type Place<T> = {
  readonly value: T
  before: Place<T> | null
  after: Place<T> | null
}

export class Line<T> {
  #first: Place<T> | null = null
  #last: Place<T> | null = null

  get first(): Place<T> | null {
    return this.#first
  }

  /** At the end. */
  push(value: T): Place<T> {
    return this.#insert(value, this.#last, null)
  }

  insertBefore(after: Place<T>, value: T): Place<T> {
    return this.#insert(value, after.before, after)
  }

  /** The place must be one of this line. */
  remove(place: Place<T>): void {
    if (place.before === null) this.#first = place.after
    else place.before.after = place.after
    if (place.after === null) this.#last = place.before
    else place.after.before = place.before
    place.before = null
    place.after = null
  }

  #insert(value: T, before: Place<T> | null, after: Place<T> | null): Place<T> {
    const place: Place<T> = { value, before, after }
    if (before === null) this.#first = place
    else before.after = place
    if (after === null) this.#last = place
    else after.before = place
    return place
  }
}
