// A page of Vue 3, for the server and for the browser.

import { createSSRApp, h, ref } from 'vue'

const SCRIPT = "document.documentElement.dataset.awake = 'yes'"
const FRAME = '<iframe title="Map" data-consent="functionality" data-src="/frame.html"></iframe>'

const Counter = {
  setup() {
    const count = ref(0)
    return () => h('button', { id: 'count', onClick: () => count.value++ }, `Count ${count.value}`)
  },
}

export const create = page => createSSRApp({
  render: () => [
    h('header', h('a', { href: '#main' }, 'To the content')),
    h('main', { id: 'main' }, [
      h('h1', 'Vue'),
      /gated|placed/.test(page) ? h('iframe', { title: 'Map', 'data-consent': 'functionality', 'data-consent-bare': page === 'gated' ? '' : null, 'data-src': '/frame.html' }) : null,
      /gated|placed/.test(page) ? h('script', { type: 'text/plain', 'data-consent': 'functionality', innerHTML: SCRIPT }) : null,
      page === 'wrapped'
        ? h('div', { 'data-allow-mismatch': 'children', innerHTML: `${FRAME}<script type="text/plain" data-consent="functionality">${SCRIPT}</script>` })
        : null,
      h(Counter),
      h('p', 'The end'),
    ]),
  ],
})
