export*from"./module-3356320530b7d2e9.js";export{default}from"./module-3356320530b7d2e9.js";
