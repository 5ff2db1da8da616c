export*from"./module-98d7ff0e1fa3ad4c.js";export{default}from"./module-98d7ff0e1fa3ad4c.js";
