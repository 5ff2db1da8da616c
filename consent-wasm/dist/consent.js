export*from"./module-31a55577c9b5a0f2.js";export{default}from"./module-31a55577c9b5a0f2.js";
