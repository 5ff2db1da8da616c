export*from"./module-932f48dba8cdf58b.js";export{default}from"./module-932f48dba8cdf58b.js";
