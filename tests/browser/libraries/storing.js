// What real libraries do when they store: each entry resolves with 'stored', or with the error that its caller gets.
import { initializeApp } from '@firebase/app'
import { indexedDBLocalPersistence, initializeAuth } from '@firebase/auth'
import { Dexie } from 'dexie'
import { openDB } from 'idb'
import jsCookie from 'js-cookie'
import localforage from 'localforage'
import store2 from 'store2'
import UniversalCookie from 'universal-cookie'

const same = value => (value === 'value' ? 'stored' : 'not stored')

const libraries = {
  async idb() {
    const database = await openDB('idb', 1, { upgrade: database => { database.createObjectStore('table') } })
    await database.put('table', 'value', 'key')
    return same(await database.get('table', 'key'))
  },
  async localforage() {
    const instance = localforage.createInstance({ name: 'localforage', driver: localforage.INDEXEDDB })
    await instance.setItem('key', 'value')
    return same(await instance.getItem('key'))
  },
  async Dexie() {
    const database = new Dexie('Dexie')
    database.version(1).stores({ table: 'key' })
    await database.table('table').put({ key: 'key', value: 'value' })
    return same((await database.table('table').get('key')).value)
  },
  // Its other backends are not asked for: a page that has them uses them.
  async Firebase() {
    const auth = initializeAuth(initializeApp({ apiKey: 'key', projectId: 'project', appId: 'app' }), {
      persistence: indexedDBLocalPersistence,
    })
    await auth.authStateReady()
    return auth.config.apiKey === 'key' && (await indexedDBLocalPersistence.prototype._isAvailable()) ? 'stored' : 'not stored'
  },
  async 'js-cookie'() {
    jsCookie.set('js-cookie', 'value')
    return same(jsCookie.get('js-cookie'))
  },
  async 'universal-cookie'() {
    const cookies = new UniversalCookie()
    cookies.set('universal-cookie', 'value')
    return document.cookie.includes('universal-cookie=value') ? 'stored' : 'not stored'
  },
  async store2() {
    store2.set('store2', 'value')
    return same(store2.get('store2'))
  },
}

window.settles = async () => {
  const outcomes = {}
  for (const [name, store] of Object.entries(libraries)) {
    outcomes[name] = await Promise.race([
      store().catch(error => `${error.inner?.name ?? error.name}`),
      new Promise(resolve => setTimeout(resolve, 5000, 'never settled')),
    ])
  }
  return outcomes
}
