export*from"./module-f3f65c99b2dd5661.js";export{default}from"./module-f3f65c99b2dd5661.js";
