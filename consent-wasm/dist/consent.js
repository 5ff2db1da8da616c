export*from"./module-8077656c6a3e294e.js";export{default}from"./module-8077656c6a3e294e.js";
