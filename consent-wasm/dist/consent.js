export*from"./module-9be1bb9a8b428334.js";export{default}from"./module-9be1bb9a8b428334.js";
