export*from"./module-c952d063234e58b0.js";export{default}from"./module-c952d063234e58b0.js";
