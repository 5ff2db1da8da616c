export*from"./module-8d494cb267790ba2.js";export{default}from"./module-8d494cb267790ba2.js";
