export*from"./module-61548ee17e40ff5e.js";export{default}from"./module-61548ee17e40ff5e.js";
