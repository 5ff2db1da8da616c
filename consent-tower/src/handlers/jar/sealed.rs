//! Cookies that are signed, or encrypted, with a key of the application: the `cookie` crate's own, through the jar.

use super::{ConsentJar, Refusal};
use cookie::{Cookie, CookieJar, Key};
use std::borrow::{Borrow, BorrowMut};
use std::fmt;

/// A jar whose cookies are signed: visitors can read them, and cannot change them. Made by [`ConsentJar::signed`] and
/// [`ConsentJar::signed_mut`].
pub struct SignedJar<'k, J> {
    jar: J,
    key: &'k Key,
}

/// A jar whose cookies are encrypted: visitors can neither read nor change them. Made by [`ConsentJar::private`] and
/// [`ConsentJar::private_mut`].
pub struct PrivateJar<'k, J> {
    jar: J,
    key: &'k Key,
}

macro_rules! sealed {
    ($jar:ident, $read:ident, $write:ident, $open:ident) => {
        impl<'k, J> $jar<'k, J> {
            pub(super) fn new(jar: J, key: &'k Key) -> Self {
                Self { jar, key }
            }
        }

        impl<J: Borrow<ConsentJar>> $jar<'_, J> {
            /// The cookie of that name, where the application may see it and it was made with this key.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<Cookie<'static>> {
                let cookie = self.jar.borrow().get(name)?.clone();
                CookieJar::new().$read(self.key).$open(cookie)
            }
        }

        impl<J: BorrowMut<ConsentJar>> $jar<'_, J> {
            /// Sets a cookie: what is judged is what the browser will store, so that a policy which lists its values, or
            /// its length, must have the sealed ones in mind.
            ///
            /// # Errors
            ///
            /// Why it may not be stored: see [`ConsentJar::add`].
            pub fn add<C: Into<Cookie<'static>>>(&mut self, cookie: C) -> Result<(), Refusal> {
                let mut jar = CookieJar::new();
                jar.$write(self.key).add(cookie);
                let sealed: Option<Cookie<'static>> = jar.delta().next().cloned();
                sealed.map_or(Ok(()), |sealed| self.jar.borrow_mut().add(sealed))
            }

            /// Deletes a cookie: see [`ConsentJar::remove`].
            ///
            /// # Errors
            ///
            /// As [`ConsentJar::remove`].
            pub fn remove<C: Into<Cookie<'static>>>(&mut self, cookie: C) -> Result<(), Refusal> {
                self.jar.borrow_mut().remove(cookie)
            }
        }

        impl<J> fmt::Debug for $jar<'_, J> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($jar)).finish_non_exhaustive()
            }
        }
    };
}

sealed!(SignedJar, signed, signed_mut, verify);
sealed!(PrivateJar, private, private_mut, decrypt);
