export*from"./module-95848c3fc4ccc81b.js";export{default}from"./module-95848c3fc4ccc81b.js";
