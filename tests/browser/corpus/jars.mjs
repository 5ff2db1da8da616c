// Reads the cookie jars of both browsers in the same form.

import { Firefox } from '../harness/firefox.mjs'
import { Visitor } from '../harness/visitor.mjs'

/**
 * @typedef {{name: string, value: string, domain: string, path: string, expires: number | null}} Cookie
 *   name and value as the browser shows them: what is not UTF-8 in them each shows in its own way; a domain that begins
 *   with a dot is one that the line named; `expires` are seconds since 1970, null for the session
 *
 * @typedef {object} Jar
 * @property {(url: string) => Promise<(addresses: string[]) => Promise<number[]>>} open a page, from which many addresses
 *   are fetched at once: the status of each
 * @property {() => Promise<Cookie[]>} read everything that is in it
 * @property {() => Promise<void>} clear as far as the browser does: Firefox keeps a cookie whose path is no UTF-8
 */

const fetching = addresses => `Promise.all(${JSON.stringify(addresses)}.map(async address => {
  const answer = await fetch(address, { credentials: 'include', cache: 'no-store' })
  return answer.status
})).then(statuses => JSON.stringify(statuses))`

/** @returns {Promise<Jar>} */
export async function chromium(t) {
  const visitor = await Visitor.arrive(t)
  const devtools = await visitor.devtools()
  return {
    async open(url) {
      const page = await visitor.newTab()
      await page.goto(url)
      return async addresses => JSON.parse(await page.evaluate(fetching(addresses)))
    },
    async read() {
      return (await visitor.jar()).map(({ name, value, domain, path, expires, session }) => {
        return { name, value, domain, path, expires: session ? null : expires }
      })
    },
    clear: () => devtools.send('Network.clearBrowserCookies'),
  }
}

/** @returns {Promise<Jar>} */
export async function firefox(t) {
  const browser = await Firefox.start(t)
  // A name is shown byte by byte, and a value as text if it is text.
  const name = shown => Buffer.from(shown, 'latin1').toString()
  const value = shown => (shown.type === 'base64' ? Buffer.from(shown.value, 'base64').toString() : shown.value)
  return {
    async open(url) {
      const tab = await browser.open(url)
      return async addresses => JSON.parse(await browser.evaluate(tab, fetching(addresses)))
    },
    async read() {
      const { cookies } = await browser.send('storage.getCookies')
      return cookies.map(cookie => ({
        name: name(cookie.name),
        value: value(cookie.value),
        domain: cookie.domain,
        path: cookie.path,
        expires: cookie.expiry ?? null,
      }))
    },
    clear: () => browser.send('storage.deleteCookies'),
  }
}
