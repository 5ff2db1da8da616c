import { renderToString } from '@vue/server-renderer'
import { create } from './vue.js'

/** The content of the element `app`. */
export const render = page => renderToString(create(page))
