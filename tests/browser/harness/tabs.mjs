// Tabs of Chromium and of Firefox behind one interface. Each tab belongs to a visitor of its own, with an empty jar.

import { after } from 'node:test'
import { Firefox } from './firefox.mjs'
import { LIMIT } from './steps.mjs'
import { Visitor } from './visitor.mjs'

/** The keys that tests press, as WebDriver writes them (17.4.2). */
const KEYS = { Tab: '\uE004', Enter: '\uE007', Shift: '\uE008' }

let shared
const stops = []
after(() => Promise.all(stops.map(stop => stop())))
/** The Firefox of this test file. */
const sharedFirefox = () => (shared ??= Firefox.start({ after: stop => stops.push(stop) }))

/** @type {(run: unknown, argument?: unknown) => string} */
const call = (run, argument) => `(${run})(${JSON.stringify(argument) ?? ''})`

/**
 * `open(t, {preload})` opens an empty tab, which is closed when the test is over. `preload` is a function that runs in
 * every document of the tab before its scripts.
 *
 * A tab has `show(url)` and `reload()`, which wait for the load; `evaluate(run, argument)`, which returns what `run`
 * returns in the page; `press(key)`, where a key may be `Shift+Tab`; and `visitor`, in Chromium alone.
 */
export const TABS = {
  async Chromium(t, /** @type {{preload?: () => void}} */ { preload } = {}) {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    if (preload) await visitor.context.addInitScript(call(preload))
    return {
      visitor,
      show: url => page.goto(url),
      reload: () => page.reload(),
      evaluate: (run, argument) => page.evaluate(call(run, argument)),
      press: key => page.keyboard.press(key),
    }
  },
  async Firefox(t, /** @type {{preload?: () => void}} */ { preload } = {}) {
    const firefox = await sharedFirefox()
    const { userContext } = await firefox.send('browser.createUserContext')
    t.after(() => firefox.send('browser.removeUserContext', { userContext }))
    const { context } = await firefox.send('browsingContext.create', { type: 'tab', userContext })
    if (preload) await firefox.send('script.addPreloadScript', { functionDeclaration: String(preload), contexts: [context] })
    return {
      show: url => firefox.send('browsingContext.navigate', { context, url, wait: 'complete' }),
      reload: () => firefox.send('browsingContext.reload', { context, wait: 'complete' }),
      // The driver returns nested values in a form of its own.
      evaluate: async (run, argument) => {
        const text = await firefox.evaluate(context, `(async () => JSON.stringify(await ${call(run, argument)}) ?? 'null')()`)
        return JSON.parse(text)
      },
      press: key => {
        const values = key.split('+').map(name => KEYS[name])
        const actions = [
          ...values.map(value => ({ type: 'keyDown', value })),
          ...values.toReversed().map(value => ({ type: 'keyUp', value })),
        ]
        return firefox.send('input.performActions', { context, actions: [{ type: 'key', id: 'keyboard', actions }] })
      },
    }
  },
}

/** Calls `run` in the tab until it returns a truthy value, and returns that value. Fails after `LIMIT`. */
export async function untilIn(tab, what, run, argument) {
  const end = Date.now() + LIMIT
  for (;;) {
    const found = await tab.evaluate(run, argument)
    if (found) return found
    if (Date.now() > end) throw new Error(`${what}: not within ${LIMIT} ms`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}
