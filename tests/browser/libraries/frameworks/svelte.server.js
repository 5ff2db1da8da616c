import { render as renderSvelte } from 'svelte/server'
import App from './App.svelte'

/** The content of the element that is hydrated. */
export const render = page => renderSvelte(App, { props: { page } }).body
