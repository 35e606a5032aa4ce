//! How secrets print: not at all.

/// Gives a secret a `Debug` that shows the type's name and nothing of its value, so that it can stand
/// inside types that are printed.
macro_rules! hide {
	($($secret:ty),+) => {$(
		impl core::fmt::Debug for $secret {
			fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
				f.write_str(concat!(stringify!($secret), "(hidden)"))
			}
		}
	)+};
}

pub(crate) use hide;
