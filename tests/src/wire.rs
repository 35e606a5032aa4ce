//! A wire to a node or a vault that can be cut: a proxy that passes bytes on as they come, until
//! connections are to be lost.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::{
		TcpListener, TcpStream,
		tcp::{OwnedReadHalf, OwnedWriteHalf},
	},
	sync::watch,
	task::JoinHandle,
};

/// Bytes that are passed on at a time.
const PIECE: usize = 64 * 1024;

/// When all connections of a wire are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
	/// When the client sends a request of this method, and the node has not got all of it.
	BeforeRequest(&'static str),
	/// When a node has answered a request of this method, and the client has nothing of the answer.
	BeforeAnswer(&'static str),
	/// As soon as the client has the answer to a request of this method.
	AfterAnswer(&'static str),
	/// Whenever a connection has brought the client this many bytes, and so many times.
	AfterBytes {
		/// How many bytes.
		bytes: usize,
		/// How many times.
		times: u32,
	},
}

/// What becomes of those who connect afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
	/// They are served.
	Serve,
	/// They are refused, until [`Wire::mend`].
	Refuse,
}

/// A wire. Takes no more connections once it is dropped.
pub struct Wire {
	url: String,
	ends: Arc<Ends>,
	accepting: JoinHandle<()>,
}

struct Ends {
	/// Host and port here, and there.
	here: String,
	there: String,
	is_websocket: bool,
	plan: Mutex<Plan>,
	/// Counts cuts. Connections that began before one end with it.
	cuts: watch::Sender<u32>,
	/// Whether connections stay, and nothing passes.
	is_silent: watch::Sender<bool>,
}

#[derive(Default)]
struct Plan {
	cut: Option<(Cut, Then)>,
	/// Whether the request has passed whose answer is waited for.
	was_asked: bool,
	refuses: bool,
}

impl Wire {
	/// A wire to an address that begins with `ws://` or `http://`. It may begin to listen later.
	pub async fn to(target: &str) -> Self {
		let (scheme, there) = target.split_once("://").expect("a URL");
		let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
		let here = listener.local_addr().expect("an address").to_string();
		let url = format!("{scheme}://{here}");
		let ends = Arc::new(Ends {
			here,
			there: there.to_owned(),
			is_websocket: scheme == "ws",
			plan: Mutex::default(),
			cuts: watch::Sender::new(0),
			is_silent: watch::Sender::new(false),
		});
		let accepting = tokio::spawn(accept(listener, ends.clone()));
		Self { url, ends, accepting }
	}

	/// The address on this end.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// Has connections be lost from now on.
	pub fn cut(&self, when: Cut, then: Then) {
		*self.ends.plan() = Plan { cut: Some((when, then)), ..Plan::default() };
	}

	/// Serves those who connect again.
	pub fn mend(&self) {
		self.ends.plan().refuses = false;
	}

	/// Has connections stay and be accepted, and passes nothing on, until [`Wire::speak`].
	pub fn fall_silent(&self) {
		self.ends.is_silent.send_replace(true);
	}

	/// Passes on what has waited, and all that follows.
	pub fn speak(&self) {
		self.ends.is_silent.send_replace(false);
	}

	/// How often it was cut.
	pub fn cuts(&self) -> u32 {
		*self.ends.cuts.borrow()
	}
}

impl Drop for Wire {
	fn drop(&mut self) {
		self.accepting.abort();
	}
}

async fn accept(listener: TcpListener, ends: Arc<Ends>) {
	while let Ok((client, _)) = listener.accept().await {
		// Before anything else, so that no cut is missed.
		let cuts = ends.cuts.subscribe();
		if ends.plan().refuses {
			continue;
		}
		let ends = ends.clone();
		tokio::spawn(async move {
			if let Ok(server) = TcpStream::connect(&ends.there).await {
				ends.join(client, server, cuts).await;
			}
		});
	}
}

impl Ends {
	fn plan(&self) -> MutexGuard<'_, Plan> {
		self.plan.lock().unwrap_or_else(PoisonError::into_inner)
	}

	/// Passes everything on until one of the two hangs up, or the wire is cut.
	async fn join(&self, client: TcpStream, server: TcpStream, mut cuts: watch::Receiver<u32>) {
		let (from_client, to_client) = client.into_split();
		let (from_server, to_server) = server.into_split();
		tokio::select! {
			_ = cuts.changed() => {},
			() = self.up(from_client, to_server) => {},
			() = self.down(from_server, to_client) => {},
		}
	}

	async fn up(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
		if self.is_websocket && self.open(&mut from, &mut to).await.is_none() {
			return;
		}
		let mut messages = Messages::default();
		let mut piece = vec![0; PIECE];
		while let Ok(read @ 1..) = from.read(&mut piece).await {
			self.silence().await;
			if self.is_websocket {
				let found = messages.add(&piece[..read]);
				if found.iter().any(|message| self.is_cut_before(message)) {
					self.cuts.send_modify(|cuts| *cuts += 1);
					return;
				}
			}
			if to.write_all(&piece[..read]).await.is_err() {
				return;
			}
		}
	}

	/// Passes on the request that opens a WebSocket, under the node's own address: nodes refuse those
	/// who call them something else.
	async fn open(&self, from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf) -> Option<()> {
		let mut head = Vec::new();
		// Clients wait for the answer before they send more (RFC 6455, §4.1).
		while !head.ends_with(b"\r\n\r\n") {
			let mut piece = [0; 1024];
			let read = from.read(&mut piece).await.ok().filter(|read| *read > 0)?;
			head.extend_from_slice(&piece[..read]);
		}
		let head = String::from_utf8(head).ok()?.replace(&self.here, &self.there);
		to.write_all(head.as_bytes()).await.ok()
	}

	async fn down(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
		let mut piece = vec![0; PIECE];
		let mut passed = 0;
		while let Ok(read @ 1..) = from.read(&mut piece).await {
			self.silence().await;
			let (kept, is_cut) = self.judge(&piece[..read], passed);
			if to.write_all(&piece[..kept]).await.is_err() {
				return;
			}
			passed += kept;
			if is_cut {
				self.cuts.send_modify(|cuts| *cuts += 1);
				return;
			}
		}
	}

	/// Waits while the wire is silent.
	async fn silence(&self) {
		// The sender lives as long as this does.
		let _ = self.is_silent.subscribe().wait_for(|is_silent| !is_silent).await;
	}

	/// Whether the wire is cut before the node gets this request. Notes if its answer is waited for.
	fn is_cut_before(&self, message: &[u8]) -> bool {
		let mut plan = self.plan();
		match plan.cut {
			Some((Cut::BeforeRequest(method), then)) if contains(message, method.as_bytes()) => {
				*plan = Plan { refuses: then == Then::Refuse, ..Plan::default() };
				true
			},
			Some((Cut::BeforeAnswer(method) | Cut::AfterAnswer(method), _)) => {
				plan.was_asked |= contains(message, method.as_bytes());
				false
			},
			_ => false,
		}
	}

	/// How many of these bytes the client gets, and whether the wire is cut after them.
	fn judge(&self, bytes: &[u8], passed: usize) -> (usize, bool) {
		let mut plan = self.plan();
		let all = (bytes.len(), false);
		let Some((cut, then)) = plan.cut else { return all };
		// Not an answer to a ping. What servers send is not masked.
		let is_answer =
			plan.was_asked && (contains(bytes, b"\"result\"") || contains(bytes, b"\"error\""));
		let (kept, next) = match cut {
			Cut::BeforeAnswer(_) if is_answer => (0, None),
			Cut::AfterAnswer(_) if is_answer => (bytes.len(), None),
			Cut::AfterBytes { bytes: limit, times } if passed + bytes.len() >= limit => {
				let again = Cut::AfterBytes { bytes: limit, times: times.saturating_sub(1) };
				(limit.saturating_sub(passed), (times > 1).then_some((again, then)))
			},
			_ => return all,
		};
		*plan = Plan { cut: next, was_asked: false, refuses: then == Then::Refuse };
		(kept, true)
	}
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
	bytes.windows(word.len()).any(|window| window == word)
}

/// What a client sends over a WebSocket, where every message is masked.
#[derive(Default)]
struct Messages(Vec<u8>);

impl Messages {
	/// The messages that these bytes complete.
	fn add(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
		self.0.extend_from_slice(bytes);
		let mut found = Vec::new();
		while let Some((length, message)) = first_frame(&self.0) {
			self.0.drain(..length);
			found.push(message);
		}
		found
	}
}

/// The first frame (RFC 6455, §5.2), if all of it is there: its length, and what is in it, unmasked.
fn first_frame(bytes: &[u8]) -> Option<(usize, Vec<u8>)> {
	let (length, at) = match bytes.get(1)? & 0x7f {
		126 => (usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)), 4),
		127 => (usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?, 10),
		short => (usize::from(short), 2),
	};
	let mask: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
	let end = (at + 4).checked_add(length)?;
	let masked = bytes.get(at + 4..end)?;
	let message = masked.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask);
	Some((end, message.collect()))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn masked_messages_are_read_whatever_pieces_they_come_in() {
		// The example of RFC 6455, §5.7, and the same with its length written in the two longer ways.
		let hello: [u8; 9] = [0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
		let heads: [&[u8]; 3] =
			[&[0x81, 0x85], &[0x81, 0xfe, 0, 5], &[0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 5]];
		let bytes: Vec<u8> =
			heads.iter().flat_map(|head| head.iter().chain(&hello)).copied().collect();
		for size in 1..=bytes.len() {
			let mut messages = Messages::default();
			let found: Vec<_> = bytes.chunks(size).flat_map(|piece| messages.add(piece)).collect();
			assert_eq!(found, [b"Hello"; 3], "in pieces of {size}");
		}
	}
}
