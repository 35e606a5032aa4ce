//! Answers whose readers take them, or don't.

use super::*;
use axum::body::to_bytes;
use futures::FutureExt;

const PATIENCE: Duration = Duration::from_millis(100);

fn piece() -> Bytes {
	Bytes::from_static(b"a piece")
}

/// An answer, and the slot that its body has.
fn answer() -> (Client, Body, HangUp, Arc<()>) {
	let (hang_up, slot) = (HangUp::default(), Arc::new(()));
	let (to, body) = Client::waiting(PATIENCE, hang_up.clone(), slot.clone());
	(to, body, hang_up, slot)
}

fn is_hung_up(hang_up: &HangUp) -> bool {
	hang_up.wanted().now_or_never().is_some()
}

#[tokio::test]
async fn a_reader_who_takes_nothing_of_an_answer_that_was_cut_is_hung_up_on() {
	let (to, _body, hang_up, _slot) = answer();
	to.give(piece()).await.unwrap();
	to.cut();
	to.end().await;
	assert!(is_hung_up(&hang_up));
}

#[tokio::test]
async fn so_is_one_who_does_not_take_the_last_piece() {
	let (to, _body, hang_up, _slot) = answer();
	to.give(piece()).await.unwrap();
	to.end().await;
	assert!(is_hung_up(&hang_up));
}

#[tokio::test]
async fn who_takes_all_of_it_keeps_the_connection_and_no_slot() {
	let (to, body, hang_up, slot) = answer();
	let giving = async {
		to.give(piece()).await.unwrap();
		to.give(piece()).await.unwrap();
		to.end().await;
	};
	let (read, ()) = tokio::join!(to_bytes(body, 99), giving);
	assert_eq!(read.unwrap(), "a piecea piece");
	assert!(!is_hung_up(&hang_up));
	assert_eq!(Arc::strong_count(&slot), 1);
}

#[tokio::test]
async fn an_answer_that_was_cut_gives_nothing_more_and_ends_with_an_error() {
	let (to, body, hang_up, _slot) = answer();
	to.give(piece()).await.unwrap();
	to.cut();
	let (read, ()) = tokio::join!(to_bytes(body, 99), to.end());
	assert!(read.is_err());
	assert!(!is_hung_up(&hang_up));
}
