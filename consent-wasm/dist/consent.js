export*from"./module-b7541db182d5a8ca.js";export{default}from"./module-b7541db182d5a8ca.js";
