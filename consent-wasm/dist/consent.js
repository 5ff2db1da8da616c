export*from"./module-ff63219f2466be4d.js";export{default}from"./module-ff63219f2466be4d.js";
