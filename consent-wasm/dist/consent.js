export*from"./module-26c8791853580c27.js";export{default}from"./module-26c8791853580c27.js";
