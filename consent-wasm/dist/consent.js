export*from"./module-20d0693dc3a49976.js";export{default}from"./module-20d0693dc3a49976.js";
