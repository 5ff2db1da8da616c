export*from"./module-327866fa8e5ad623.js";export{default}from"./module-327866fa8e5ad623.js";
