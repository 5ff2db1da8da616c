export*from"./module-37894bb37a2a81ec.js";export{default}from"./module-37894bb37a2a81ec.js";
