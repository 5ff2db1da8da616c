import { create } from './vue.js'

create(location.pathname.split('/').pop()).mount('#app')
