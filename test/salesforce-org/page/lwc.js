// As much of Lightning Web Components as the companion needs, to show its own template and run its own element in a browser without Salesforce.
//
// NOT imitated: shadow DOM, Lightning Web Security, the engine's way of updating (here everything is drawn anew when something changed), and of
// templates anything but texts, attributes, `lwc:if` and handlers.

const FRAME_MS = 50

export class LightningElement extends HTMLElement {}

export function registerDecorators() {}

export function registerComponent(element, { tmpl, sel }) {
  class Drawn extends element {
    connectedCallback() {
      super.connectedCallback()
      this.draw()
      this.drawing = setInterval(() => this.draw(), FRAME_MS)
    }

    disconnectedCallback() {
      clearInterval(this.drawing)
      super.disconnectedCallback()
    }

    draw() {
      const drawn = render(tmpl(), this)
      const markup = drawn.map((node) => node.outerHTML ?? '').join('')
      if (markup === this.markup) return
      this.markup = markup
      this.replaceChildren(...drawn)
    }
  }
  customElements.define(sel, Drawn)
  return Drawn
}

/** `text`: the template as it is deployed. */
export function template(text) {
  const root = new DOMParser().parseFromString(text, 'text/html').querySelector('template')
  return () => [...root.content.cloneNode(true).childNodes]
}

function render(nodes, self) {
  return nodes.flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE) node.textContent = filled(node.textContent, self)
    if (node.nodeType !== Node.ELEMENT_NODE) return [node]
    const condition = node.getAttribute('lwc:if')
    if (condition !== null && !evaluated(condition, self)) return []
    node.removeAttribute('lwc:if')
    for (const { name, value } of [...node.attributes]) {
      if (!/^\{.*\}$/.test(value)) continue
      if (name.startsWith('on')) {
        node.removeAttribute(name)
        node.addEventListener(name.slice(2), (event) => evaluated(value, self).call(self, event))
      } else node.setAttribute(name, evaluated(value, self))
    }
    node.replaceChildren(...render([...node.childNodes], self))
    return [node]
  })
}

function filled(text, self) {
  return text.replace(/\{[^}]+\}/g, (expression) => evaluated(expression, self) ?? '')
}

/** "{view.last.time}" */
function evaluated(expression, self) {
  return expression
    .slice(1, -1)
    .split('.')
    .reduce((value, key) => value?.[key], self)
}
