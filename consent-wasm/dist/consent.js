export*from"./module-84b5d41382ebbdd1.js";export{default}from"./module-84b5d41382ebbdd1.js";
