//! The only unsafe code: where the texts are that JavaScript hands over, and where the module is kept.
//! Nothing here allocates, so that no allocator need be sent.

#![allow(unsafe_code)]

use crate::module::Module;
use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::UnsafeCell;

const PAGE: usize = 65_536;

struct Memory {
    /// Where the next text goes; 0 before the first one.
    start: usize,
    module: Option<Module>,
}

struct Jurisdiction(UnsafeCell<Memory>);

// SAFETY: a page's module has one thread.
unsafe impl Sync for Jurisdiction {}

static PLACE: Jurisdiction = Jurisdiction(UnsafeCell::new(Memory { start: 0, module: None }));

/// Makes room for a text of that many bytes, in place of the one before: above everything that the program
/// has of its own. Returns its address; 0 where there is no more memory.
pub(crate) fn room(bytes: usize) -> usize {
    // SAFETY: one thread, and no reference into the place outlives a call.
    let memory = unsafe { &mut *PLACE.0.get() };
    if memory.start == 0 {
        memory.start = memory_size(0) * PAGE;
    }
    let end = memory.start.saturating_add(bytes);
    let missing = end.saturating_sub(memory_size(0) * PAGE);
    if missing > 0 && memory_grow(0, missing.div_ceil(PAGE)) == usize::MAX { 0 } else { memory.start }
}

/// The text that was put into the room, that many bytes of it; nothing where it does not lie in memory.
fn text(memory: &Memory, bytes: usize) -> &'static [u8] {
    let capacity = (memory_size(0) * PAGE).saturating_sub(memory.start);
    if memory.start == 0 || bytes > capacity {
        return &[];
    }
    // SAFETY: all of it lies in memory that is initialised, and nothing writes there before the text is of no
    // more use: the rules' is kept below the room, every other one is dropped when its call ends.
    unsafe { core::slice::from_raw_parts(memory.start as *const u8, bytes) }
}

/// Begins with the rules in the room, which they keep.
pub(crate) fn start(bytes: usize) -> bool {
    // SAFETY: as in `room`.
    let memory = unsafe { &mut *PLACE.0.get() };
    memory.module = Module::new(text(memory, bytes));
    memory.start += bytes;
    memory.module.is_some()
}

/// Calls `f` with the module, where it has started, and with the text in the room.
pub(crate) fn with<T>(otherwise: T, bytes: usize, f: impl FnOnce(&mut Module, &[u8]) -> T) -> T {
    // SAFETY: as in `room`; `f` never calls this again.
    let memory = unsafe { &mut *PLACE.0.get() };
    let text = text(memory, bytes);
    memory.module.as_mut().map_or(otherwise, |module| f(module, text))
}

/// `alloc` has to be linked to something.
struct Nothing;

// SAFETY: it hands nothing out.
unsafe impl GlobalAlloc for Nothing {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static NOTHING: Nothing = Nothing;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
