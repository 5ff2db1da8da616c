export*from"./module-af7fc43ed783dda3.js";export{default}from"./module-af7fc43ed783dda3.js";
