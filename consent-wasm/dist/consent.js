export*from"./module-37b451cc62b8fab2.js";export{default}from"./module-37b451cc62b8fab2.js";
