//! Secrets print as their type's name only.

/// Gives a secret a `Debug` that shows the type's name but not the value, so that types which contain
/// secrets can be printed.
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
