export*from"./module-84c48840559451ab.js";export{default}from"./module-84c48840559451ab.js";
