export*from"./module-7e68fb75fa5ea2d0.js";export{default}from"./module-7e68fb75fa5ea2d0.js";
