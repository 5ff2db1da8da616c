// A page of React 18 or 19 (`react` is what the bundler makes of it), for the server and for the browser.

import { createElement as h, StrictMode, Suspense, useState } from 'react'

const FRAME = '<iframe title="Map" data-consent="functionality" data-src="/frame.html"></iframe>'
const SCRIPT = "document.documentElement.dataset.awake = 'yes'"

function Counter() {
  const [count, setCount] = useState(0)
  return h('button', { id: 'count', onClick: () => setCount(count + 1) }, `Count ${count}`)
}

const waiting = new Map()
/** Suspends once in each program that runs it, as a component that fetches. */
function Slow() {
  if (waiting.get('slow') !== 'done') {
    if (!waiting.has('slow')) waiting.set('slow', new Promise(resolve => setTimeout(resolve, 30)).then(() => waiting.set('slow', 'done')))
    throw waiting.get('slow')
  }
  return h('p', { id: 'slow' }, 'Loaded')
}

const Gated = ({ bare }) => [
  h('iframe', { key: 1, title: 'Map', 'data-consent': 'functionality', 'data-consent-bare': bare, 'data-src': '/frame.html' }),
  h('script', { key: 2, type: 'text/plain', 'data-consent': 'functionality', dangerouslySetInnerHTML: { __html: SCRIPT } }),
]

const Wrapped = () => h('div', {
  suppressHydrationWarning: true,
  dangerouslySetInnerHTML: { __html: `${FRAME}<script type="text/plain" data-consent="functionality">${SCRIPT}</script>` },
})

export const App = ({ page }) => h(StrictMode, null,
  h('header', null, h('a', { href: '#main' }, 'To the content')),
  h('main', { id: 'main' },
    h('h1', null, 'React'),
    page === 'streamed' && h(Suspense, { fallback: h('p', null, 'Loading') }, h(Slow)),
    page === 'gated' && h(Gated, { bare: '' }),
    page === 'placed' && h(Gated, {}),
    page === 'wrapped' && h(Wrapped),
    h(Counter),
    h('p', null, 'The end')))

export const Document = ({ page }) => h('html', { lang: 'en' },
  h('head', null,
    h('meta', { charSet: 'utf-8' }),
    h('title', null, 'React'),
    h('link', { rel: 'icon', href: 'data:,' })),
  h('body', null, h(App, { page })))
