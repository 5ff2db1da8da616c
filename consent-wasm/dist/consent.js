export*from"./module-990e7028cbcd3bb3.js";export{default}from"./module-990e7028cbcd3bb3.js";
