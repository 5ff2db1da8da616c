//! Cookies that are signed or encrypted with a key of the application. The `cookie` crate seals and opens
//! them.

use super::{ConsentJar, Refusal};
use cookie::{Cookie, CookieJar, Key};
use std::borrow::{Borrow, BorrowMut};
use std::fmt;

/// A jar of signed cookies, which visitors can read but not change.
///
/// [`ConsentJar::signed`] and [`ConsentJar::signed_mut`] create it.
pub struct SignedJar<'k, J> {
    jar: J,
    key: &'k Key,
}

/// A jar of encrypted cookies, which visitors can neither read nor change.
///
/// [`ConsentJar::private`] and [`ConsentJar::private_mut`] create it.
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
            /// Returns the cookie of that name.
            ///
            /// Returns `None` if the layer hides the cookie from the application, or if the cookie was not
            /// sealed with this key.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<Cookie<'static>> {
                let cookie = self.jar.borrow().get(name)?.clone();
                CookieJar::new().$read(self.key).$open(cookie)
            }
        }

        impl<J: BorrowMut<ConsentJar>> $jar<'_, J> {
            /// Seals and adds a cookie.
            ///
            /// The layer judges the sealed value. If the policy declares values or a maximum length, it must
            /// allow for the sealed form.
            ///
            /// # Errors
            ///
            /// Returns a [`Refusal`] if the cookie may not be stored: see [`ConsentJar::add`].
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
            /// Returns a [`Refusal`] in the same cases as [`ConsentJar::remove`].
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
