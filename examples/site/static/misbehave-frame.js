// Runs in a frame of the same origin and writes what its parent may not.
try {
  localStorage.setItem("frame_id", "8f31c07a");
} catch {
  // The page around it shows what became of it.
}
document.cookie = "frame_cookie=8f31c07a; Max-Age=34560000; Path=/";
