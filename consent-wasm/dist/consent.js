export*from"./module-70e7f70aaaf8a18a.js";export{default}from"./module-70e7f70aaaf8a18a.js";
