export*from"./module-7a913322ed84ebe7.js";export{default}from"./module-7a913322ed84ebe7.js";
