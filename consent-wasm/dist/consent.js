export*from"./module-63338a555232671a.js";export{default}from"./module-63338a555232671a.js";
