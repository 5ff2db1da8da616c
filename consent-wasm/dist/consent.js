export*from"./module-ba259c74532f7079.js";export{default}from"./module-ba259c74532f7079.js";
