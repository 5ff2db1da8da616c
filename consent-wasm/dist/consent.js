export*from"./module-514f4bdeafc5365c.js";export{default}from"./module-514f4bdeafc5365c.js";
