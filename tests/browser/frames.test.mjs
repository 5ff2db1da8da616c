// Scripts that store from other documents: frames with scripts of their own, frames that are reached without
// their element, and windows. Without the guard every attack stores, so the test can fail.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BROWSERS, guardTag, serve } from './harness/guarded.mjs'

const RULES = 'consent /consent 1 180 @functionality:g:1 l0::allowed c0::allowed'

const escape = text => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;')
/** A document that stores under that name and reports that it ran. */
const storing = name =>
  `<!doctype html><script>try{localStorage.${name}='1';document.cookie='${name}=1'}catch(e){}top.ran('${name}')</script>`
const store = name => `w => { w.localStorage.setItem('${name}', '1'); w.localStorage['${name}'] = '1'; w.document.cookie = '${name}=1' }`

/** Attacks in the page's HTML. */
const PARSED = `
<iframe srcdoc="${escape(storing('parsedSrcdoc'))}"></iframe>
<iframe srcdoc="${escape(`<iframe srcdoc="${escape(storing('nestedSrcdoc'))}"></iframe>`)}"></iframe>
<iframe srcdoc="${escape(`<!doctype html><body><iframe name=x></iframe><script>(${store('nestedNamed')})(frames.x);top.ran('nestedNamed')</script>`)}"></iframe>
<iframe src="javascript:(${escape(store('parsedJavascript'))})(window);top.ran('parsedJavascript')"></iframe>
<iframe name="named"></iframe><script>(${store('namedSync')})(frames.named); ran('namedSync')</script>
<iframe></iframe><script>(${store('numberedSync')})(window[window.length - 1]); ran('numberedSync')</script>
`

/** Attacks by script: each gets its name, \`document_\` (HTML that stores) and \`put\`, which stores in a window. */
const SCRIPTED = {
  createdSrcdoc: ({ html, add }) => add('iframe', { srcdoc: html }),
  appendedThenSrcdoc: ({ html, add }) => { add('iframe', {}).srcdoc = html },
  attributeSrcdoc: ({ html, add }) => add('iframe', {}).setAttribute('srcdoc', html),
  laterSrcdoc: async ({ html, add, loaded }) => {
    const frame = add('iframe', { srcdoc: 'first' })
    await loaded(frame)
    frame.srcdoc = html
  },
  laterSrcdocAfterBlank: async ({ html, add, pause }) => {
    const frame = add('iframe', {})
    await pause()
    frame.srcdoc = html
  },
  blob: ({ blob, add }) => add('iframe', { src: blob }),
  laterBlob: async ({ blob, add, loaded }) => {
    const frame = add('iframe', { src: '/plain' })
    await loaded(frame)
    frame.src = blob
  },
  blobAfterSrcdoc: async ({ blob, add, loaded }) => {
    const frame = add('iframe', { srcdoc: 'first' })
    await loaded(frame)
    frame.removeAttribute('srcdoc')
    frame.src = blob
  },
  svgBlob: ({ svg, add }) => add('iframe', { src: svg }),
  javascriptFrame: ({ name, add }) =>
    add('iframe', { src: `javascript:localStorage.${name}='1';document.cookie='${name}=1';top.ran('${name}')` }),
  laterJavascript: async ({ name, add, loaded }) => {
    const frame = add('iframe', { src: '/plain' })
    await loaded(frame)
    frame.src = `javascript:localStorage.${name}='1';document.cookie='${name}=1';top.ran('${name}')`
  },
  blankWritten: ({ html, add }) => {
    const { contentDocument } = add('iframe', {})
    contentDocument.open()
    contentDocument.write(html)
    contentDocument.close()
  },
  numbered: ({ put, add }) => {
    add('iframe', {})
    put(window[window.length - 1])
  },
  named: ({ put, add }) => {
    add('iframe', { name: 'framed' })
    put(window.frames.framed)
  },
  innerHtml: ({ put, add }) => {
    add('div', {}).innerHTML = '<iframe name="inner"></iframe>'
    put(window.frames.inner)
  },
  outerHtml: ({ put, add }) => {
    add('div', {}).outerHTML = '<iframe name="outer"></iframe>'
    put(window.frames.outer)
  },
  adjacentHtml: ({ put }) => {
    document.body.insertAdjacentHTML('beforeend', '<iframe name="adjacent"></iframe>')
    put(window.frames.adjacent)
  },
  adjacentElement: ({ put, make }) => {
    document.body.insertAdjacentElement('beforeend', make('iframe', { name: 'adjacentElement' }))
    put(window.frames.adjacentElement)
  },
  before: ({ put, make, add }) => {
    add('p', {}).before(make('iframe', { name: 'beforeFrame' }))
    put(window.frames.beforeFrame)
  },
  replaced: ({ put, make, add }) => {
    add('p', {}).replaceWith(make('iframe', { name: 'replacedFrame' }))
    put(window.frames.replacedFrame)
  },
  textAfter: ({ put, make }) => {
    const text = document.body.appendChild(new Text('x'))
    text.after(make('iframe', { name: 'afterText' }))
    put(window.frames.afterText)
  },
  range: ({ put, make }) => {
    const range = document.createRange()
    range.selectNodeContents(document.body)
    range.insertNode(make('iframe', { name: 'ranged' }))
    put(window.frames.ranged)
  },
  inFragment: ({ put, make }) => {
    const fragment = document.createDocumentFragment()
    fragment.append(make('div', { innerHTML: '<iframe name="fragment"></iframe>' }))
    document.body.append(fragment)
    put(window.frames.fragment)
  },
  onload: ({ name, put, make }) => {
    const frame = make('iframe', { name: 'loading' })
    frame.addEventListener('load', () => { put(window.frames.loading); ran(name) })
    document.body.append(frame)
  },
  frameset: ({ put, make }) => {
    const set = make('frameset', {})
    set.append(make('frame', { name: 'framesetFrame' }))
    document.documentElement.append(set)
    put(window.frames.framesetFrame)
  },
  objectElement: ({ put, make }) => {
    document.body.append(make('object', { data: 'about:blank', type: 'text/html' }))
    put(window[window.length - 1])
  },
  shadow: ({ html, add }) => {
    const host = add('div', {})
    const shadow = host.attachShadow({ mode: 'closed' })
    const frame = document.createElement('iframe')
    frame.srcdoc = html
    shadow.append(frame)
  },
  openShadowHtml: ({ html, add }) => {
    const host = add('div', {})
    host.attachShadow({ mode: 'open' }).innerHTML = `<iframe srcdoc="${html.replace(/"/g, '&quot;')}"></iframe>`
  },
  doubleNested: ({ put, add }) => {
    const inner = add('iframe', {}).contentDocument
    inner.body.innerHTML = '<iframe name="deep"></iframe>'
    put(inner.defaultView.frames.deep)
  },
  parentOfNumbered: ({ put, add }) => {
    add('iframe', {})
    const frame = window[window.length - 1]
    frame.document.body.append(frame.document.createElement('iframe'))
    put(frame[0])
  },
  opened: ({ put }) => {
    const opened = window.open('about:blank')
    put(opened)
    opened.close()
  },
  openedWritten: ({ html }) => {
    const opened = window.open('about:blank')
    opened.ran = ran
    opened.document.write(html.replace('top.ran', 'opener.ran'))
    opened.document.close()
  },
  openedByName: ({ put }) => {
    const opened = window.open('', 'windowByName')
    put(window.open('', 'windowByName'))
    opened.close()
  },
  defined: ({ name }) => { Object.defineProperty(localStorage, name, { value: '1', configurable: true, enumerable: true, writable: true }) },
  reflectDefined: ({ name }) => { Reflect.defineProperty(localStorage, name, { value: '1', configurable: true, enumerable: true, writable: true }) },
  assigned: ({ name }) => { localStorage[name] = '1' },
  reflected: ({ name }) => { Reflect.set(localStorage, name, '1') },
  objectAssigned: ({ name }) => { Object.assign(localStorage, { [name]: '1' }) },
}

/** Runs in the page: makes the attack and waits until it ran; not for ever, where a browser has no such thing. */
const attack = async (name, code) => {
  const done = new Promise(resolve => { window.waiting[name] = resolve })
  const html = `<!doctype html><script>try{localStorage.${name}='1';document.cookie='${name}=1'}catch(e){}top.ran('${name}')</` + 'script>'
  const address = (text, type) => URL.createObjectURL(new Blob([text], { type }))
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties)
  let direct = false
  const given = {
    name,
    html,
    make,
    add: (tag, properties) => document.body.appendChild(make(tag, properties)),
    get blob() { return address(html, 'text/html') },
    get svg() {
      return address(`<svg xmlns="http://www.w3.org/2000/svg"><script>try{localStorage.${name}='1';document.cookie='${name}=1'}catch(e){}top.ran('${name}')</` + 'script></svg>', 'image/svg+xml')
    },
    loaded: frame => new Promise(resolve => frame.addEventListener('load', resolve, { once: true })),
    pause: () => new Promise(resolve => { const { port1, port2 } = new MessageChannel(); port1.onmessage = resolve; port2.postMessage(0) }),
    put: w => {
      direct = true
      w.localStorage.setItem(name, '1')
      w.localStorage[name] = '1'
      w.document.cookie = `${name}=1`
    },
  }
  try {
    await (0, eval)(`(${code})`)(given)
  } catch (error) {
    return `failed: ${error}`
  }
  if (direct || /localStorage/.test(code) && !/src/.test(code)) return 'ran'
  return Promise.race([done.then(() => 'ran'), new Promise(resolve => setTimeout(resolve, 4000, 'did not run'))])
}

const page = guarded => `<!doctype html>${guarded ? guardTag(RULES) : ''}<title>attacks</title><script>
  window.waiting = {}; window.happened = new Set()
  window.ran = name => { happened.add(name); waiting[name]?.() }
</script><body>${PARSED}<script>window.attack = ${attack}</script>`

/** The names under which something was stored. */
const STORED = `[...new Set([...Object.keys(localStorage), ...document.cookie.split('; ').map(pair => pair.split('=')[0])])].filter(Boolean).sort()`

async function run(open, t, guarded) {
  const server = await serve({ '/': page(guarded), '/plain': '<!doctype html>plain', '/look': '<!doctype html>' })
  t.after(() => server.stop())
  const tab = await open(t, server.url('/'))
  const outcomes = {}
  for (const [name, code] of Object.entries(SCRIPTED)) {
    outcomes[name] = await tab.evaluate(`attack(${JSON.stringify(name)}, ${JSON.stringify(String(code))})`)
  }
  const happened = await tab.evaluate('[...happened]')
  const errors = tab.visitor?.reports.splice(0) ?? []
  // A page without the guard reads what is there.
  await tab.show(server.url('/look'))
  return { outcomes, happened, errors, stored: await tab.evaluate(STORED) }
}

for (const [browser, open] of Object.entries(BROWSERS)) {
  describe(browser, () => {
    test('without the guard every attack stores, with it none does', async t => {
      const without = await run(open, t, false)
      const known = new Set(without.stored)
      // Not every browser keeps a `frameset` in a page with a body. If there is none, there is nothing to
      // attack.
      const missing = [...Object.keys(SCRIPTED), 'parsedSrcdoc', 'nestedSrcdoc', 'parsedJavascript', 'namedSync', 'nestedNamed', 'numberedSync']
        .filter(name => !known.has(name))
      t.diagnostic(`stored without the guard: ${known.size}; not: ${missing.join(', ') || 'none'}`)
      assert.deepEqual(missing.filter(name => !['frameset', 'objectElement'].includes(name)), [],
        JSON.stringify(without.outcomes))
      const { stored, errors } = await run(open, t, true)
      assert.deepEqual(stored, [])
      assert.deepEqual(errors, [])
    })
  })
}
