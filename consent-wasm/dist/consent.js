export*from"./module-cb4c45b7ecb5005c.js";export{default}from"./module-cb4c45b7ecb5005c.js";
