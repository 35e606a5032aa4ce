//! How methods run: cancelled by a signal, and reporting their progress.

use crate::failure::Failure;
use futures::{
	channel::oneshot,
	future::{Either, select},
};
use js_sys::Function;
use medblock_client::vault::{Progress, unwatched};
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use std::{pin::pin, sync::Arc};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The form of values: plain objects, and `null` for what is not there.
pub(crate) const JSON: Serializer = Serializer::json_compatible();

/// The outcome of a method.
pub type Outcome = Result<JsValue, Failure>;

/// A value for JavaScript.
pub(crate) fn value<T: Serialize + ?Sized>(value: &T) -> Outcome {
	Ok(value.serialize(&JSON)?)
}

/// A value from JavaScript.
pub(crate) fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, Failure> {
	Ok(serde_wasm_bindgen::from_value(value)?)
}

/// Runs until it is done, or until the signal cancels it. What has been sent then can't be undone.
pub(crate) async fn until<T>(
	signal: Option<AbortSignal>,
	work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
	let Some(signal) = signal else { return work.await };
	if signal.aborted() {
		return Err(Failure::cancelled());
	}
	let (send, cancelled) = oneshot::channel();
	let heard = Closure::once(move || {
		let _ = send.send(());
	});
	let listener = heard.as_ref().unchecked_ref();
	// Both names are fixed, and the listener is a function: neither call can fail.
	let _ = signal.add_event_listener_with_callback("abort", listener);
	let outcome = match select(pin!(work), cancelled).await {
		Either::Left((outcome, _)) => outcome,
		Either::Right(_) => Err(Failure::cancelled()),
	};
	let _ = signal.remove_event_listener_with_callback("abort", listener);
	outcome
}

/// Runs to the end, unless the signal cancels it before it begins. For transactions with a sealed key: if one
/// fails after it was sent, the chart needs a new key, and the client has to be there to see to it.
pub(crate) async fn to_the_end<T>(
	signal: Option<AbortSignal>,
	work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
	if signal.is_some_and(|signal| signal.aborted()) {
		return Err(Failure::cancelled());
	}
	work.await
}

/// A progress that JavaScript watches, as `(done, total)`. An error that it throws stops nothing.
pub(crate) fn watched(progress: Option<Function>) -> Progress {
	let Some(progress) = progress else { return unwatched() };
	Arc::new(move |done, total| {
		let _ = progress.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
	})
}
