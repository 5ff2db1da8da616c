//! The only unsafe code: an allocator that weighs next to nothing, and the place where the module is kept.

#![allow(unsafe_code)]

use crate::module::Module;
use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::UnsafeCell;

const PAGE: usize = 65_536;

/// Hands out memory upwards and takes it back from the top: what a call allocates goes, at the latest, with the last
/// thing it allocated. Everything that lives longer is allocated once, at the start.
struct Stack(UnsafeCell<Level>);

struct Level {
    /// Where the next thing goes; 0 before the first one.
    top: usize,
    /// How many things there are.
    live: usize,
    /// Where the memory begins that calls use, and how many things are below.
    floor: (usize, usize),
}

// SAFETY: a page's module has one thread.
unsafe impl Sync for Stack {}

#[global_allocator]
static STACK: Stack = Stack(UnsafeCell::new(Level { top: 0, live: 0, floor: (0, 0) }));

// SAFETY: what is handed out lies above everything that is live, inside the memory, and is aligned. The top only sinks
// onto what was just given back, or to the floor when nothing above it is live.
unsafe impl GlobalAlloc for Stack {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: one thread, and no reference to the level outlives a call.
        let level = unsafe { &mut *self.0.get() };
        if level.top == 0 {
            // Everything below is the program's own; a new page is nobody's.
            level.top = memory_size(0) * PAGE;
            level.floor.0 = level.top;
        }
        let start = (level.top + layout.align() - 1) & !(layout.align() - 1);
        let Some(end) = start.checked_add(layout.size()) else { return core::ptr::null_mut() };
        let capacity = memory_size(0) * PAGE;
        if end > capacity && memory_grow(0, (end - capacity).div_ceil(PAGE)) == usize::MAX {
            return core::ptr::null_mut();
        }
        level.top = end;
        level.live += 1;
        start as *mut u8
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        let level = unsafe { &mut *self.0.get() };
        level.live -= 1;
        if level.live == level.floor.1 {
            level.top = level.floor.0;
        } else if pointer as usize + layout.size() == level.top {
            level.top = pointer as usize;
        }
    }
}

/// Where the module is kept between calls.
struct Place(UnsafeCell<Option<Module>>);

// SAFETY: a page's module has one thread.
unsafe impl Sync for Place {}

static PLACE: Place = Place(UnsafeCell::new(None));

/// Keeps the module; what it holds stays for as long as the page. To be called once, and from a call that was given one
/// text: that goes when the call ends.
pub(crate) fn keep(module: Module) {
    // SAFETY: one thread; no caller of `with` is running, because none of them calls this.
    unsafe {
        (*PLACE.0.get()).get_or_insert(module);
        let level = &mut *STACK.0.get();
        level.floor = (level.top, level.live - 1);
    }
}

/// Calls `f` with the module, where it has started.
pub(crate) fn with<T>(otherwise: T, f: impl FnOnce(&mut Module) -> T) -> T {
    // SAFETY: one thread; `f` never calls this again.
    unsafe { (*PLACE.0.get()).as_mut() }.map_or(otherwise, f)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
