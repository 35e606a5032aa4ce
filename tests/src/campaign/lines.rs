//! The lines between nodes: each calls each other through a relay of its own, which needs no right that a program lacks.

use super::plan::NODES;
use crate::Dice;
use std::{
	sync::{
		Arc,
		atomic::{AtomicU64, Ordering},
	},
	time::Duration,
};
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::{
		TcpListener, TcpStream,
		tcp::{OwnedReadHalf, OwnedWriteHalf},
	},
	sync::watch,
	task::JoinHandle,
	time::sleep,
};

/// Bytes that are passed on at a time.
const PIECE: usize = 16 * 1024;

/// What a line does with what it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
	/// Passes it on.
	Open,
	/// Nothing passes: connections are lost, and new ones are, too.
	Cut,
	/// Passes it on this much later.
	Slow(Duration),
	/// As a line that loses packets looks to programs: of so many pieces one waits a second to be sent again, and of eight
	/// times so many one is the connection's last.
	Lossy(u64),
}

/// A relay to one node.
struct Relay {
	port: u16,
	line: watch::Sender<Line>,
	carried: Arc<Carried>,
	accepting: JoinHandle<()>,
}

/// What a relay has done so far.
#[derive(Debug, Default)]
struct Carried {
	/// Bytes that it has passed on.
	bytes: AtomicU64,
	/// Pieces that were late, or their connection's last, as [`Line::Lossy`] has it.
	lost: AtomicU64,
}

impl Relay {
	async fn to(target: u16, seed: u64) -> std::io::Result<Self> {
		let listener = TcpListener::bind("127.0.0.1:0").await?;
		let port = listener.local_addr()?.port();
		let line = watch::Sender::new(Line::Open);
		let carried = Arc::<Carried>::default();
		let accepting =
			tokio::spawn(accept(listener, target, line.subscribe(), carried.clone(), seed));
		Ok(Self { port, line, carried, accepting })
	}
}

impl Drop for Relay {
	fn drop(&mut self) {
		self.accepting.abort();
	}
}

/// All lines of a network.
pub struct Lines {
	/// By the node that calls, and the node that is called; none to itself.
	relays: Vec<Vec<Option<Relay>>>,
}

impl Lines {
	/// Lines to nodes that listen, or will, on these ports. What lossy lines lose comes of the seed.
	pub async fn to(ports: [u16; NODES], seed: u64) -> std::io::Result<Self> {
		let mut relays = Vec::new();
		for from in 0..NODES {
			let mut row = Vec::new();
			for (to, port) in ports.into_iter().enumerate() {
				let number = (from * NODES + to) as u64;
				row.push(match from == to {
					true => None,
					false => Some(Relay::to(port, seed.wrapping_add(number)).await?),
				});
			}
			relays.push(row);
		}
		Ok(Self { relays })
	}

	/// The ports at which a node reaches the others, each with the other's index.
	pub fn ports_of(&self, node: usize) -> Vec<(usize, u16)> {
		let row = self.relays.get(node).into_iter().flatten().enumerate();
		row.filter_map(|(to, relay)| Some((to, relay.as_ref()?.port))).collect()
	}

	/// Has all lines do the same.
	pub fn all(&self, line: Line) {
		self.each(|_, _| line);
	}

	/// Cuts all lines between these nodes and the others, and opens all others.
	pub fn cut_off(&self, side: &[usize]) {
		self.each(|from, to| match side.contains(&from) == side.contains(&to) {
			true => Line::Open,
			false => Line::Cut,
		});
	}

	/// The bytes that all of them have passed on.
	pub fn passed(&self) -> u64 {
		self.sum(|carried| &carried.bytes)
	}

	/// The pieces that lossy lines have lost, as far as programs see.
	pub fn lost(&self) -> u64 {
		self.sum(|carried| &carried.lost)
	}

	fn sum(&self, of: impl Fn(&Carried) -> &AtomicU64) -> u64 {
		let relays = self.relays.iter().flatten().flatten();
		relays.map(|relay| of(&relay.carried).load(Ordering::Relaxed)).sum()
	}

	fn each(&self, line: impl Fn(usize, usize) -> Line) {
		for (from, row) in self.relays.iter().enumerate() {
			for (to, relay) in row.iter().enumerate() {
				if let Some(relay) = relay {
					relay.line.send_replace(line(from, to));
				}
			}
		}
	}
}

async fn accept(
	listener: TcpListener,
	target: u16,
	line: watch::Receiver<Line>,
	carried: Arc<Carried>,
	seed: u64,
) {
	for number in 0.. {
		let Ok((client, _)) = listener.accept().await else {
			// Too many files are open; some will be closed.
			sleep(Duration::from_millis(100)).await;
			continue;
		};
		if *line.borrow() == Line::Cut {
			continue;
		}
		let (line, carried) = (line.clone(), carried.clone());
		tokio::spawn(async move {
			let Ok(server) = TcpStream::connect(("127.0.0.1", target)).await else { return };
			let (from_client, to_client) = client.into_split();
			let (from_server, to_server) = server.into_split();
			let dice = Dice::of_part(seed, number);
			// One end of a connection that is lost is no connection.
			tokio::select! {
				() = carry(from_client, to_server, line.clone(), &carried, dice.clone()) => {},
				() = carry(from_server, to_client, line.clone(), &carried, dice) => {},
				() = is_cut(line.clone()) => {},
			}
		});
	}
}

/// Waits until the line is cut, or there is none any more.
async fn is_cut(mut line: watch::Receiver<Line>) {
	let _ = line.wait_for(|line| *line == Line::Cut).await;
}

/// Passes on what comes, as the line is then.
async fn carry(
	mut from: OwnedReadHalf,
	mut to: OwnedWriteHalf,
	line: watch::Receiver<Line>,
	carried: &Carried,
	mut dice: Dice,
) {
	let mut piece = vec![0; PIECE];
	while let Ok(read @ 1..) = from.read(&mut piece).await {
		let now = *line.borrow();
		match now {
			Line::Open => {},
			Line::Cut => return,
			Line::Slow(delay) => sleep(delay).await,
			Line::Lossy(pieces) if dice.below(8 * pieces) == 0 => {
				carried.lost.fetch_add(1, Ordering::Relaxed);
				return;
			},
			Line::Lossy(pieces) if dice.below(pieces) == 0 => {
				carried.lost.fetch_add(1, Ordering::Relaxed);
				sleep(Duration::from_secs(1)).await;
			},
			Line::Lossy(_) => {},
		}
		if to.write_all(&piece[..read]).await.is_err() {
			return;
		}
		carried.bytes.fetch_add(read as u64, Ordering::Relaxed);
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	/// A server that says again what it hears.
	async fn echo() -> u16 {
		let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
		let port = listener.local_addr().expect("an address").port();
		tokio::spawn(async move {
			while let Ok((mut stream, _)) = listener.accept().await {
				tokio::spawn(async move {
					let (mut from, mut to) = stream.split();
					let _ = tokio::io::copy(&mut from, &mut to).await;
				});
			}
		});
		port
	}

	/// Whether a word comes back.
	async fn answers(stream: &mut TcpStream) -> bool {
		let mut heard = [0; 4];
		stream.write_all(b"word").await.is_ok()
			&& stream.read_exact(&mut heard).await.is_ok()
			&& &heard == b"word"
	}

	async fn call(lines: &Lines, from: usize, to: usize) -> TcpStream {
		let ports = lines.ports_of(from);
		let (_, port) = ports.into_iter().find(|(other, _)| *other == to).expect("a line");
		TcpStream::connect(("127.0.0.1", port)).await.expect("a relay")
	}

	#[tokio::test]
	async fn lines_are_cut_between_two_sides_and_nowhere_else() {
		let port = echo().await;
		let lines = Lines::to([port; NODES], 1).await.expect("ports");
		assert_eq!(lines.ports_of(2).iter().map(|(to, _)| *to).collect::<Vec<_>>(), [0, 1, 3]);
		let (mut within, mut between) = (call(&lines, 0, 1).await, call(&lines, 0, 2).await);
		assert!(answers(&mut within).await && answers(&mut between).await);
		assert_eq!(lines.passed(), 16);

		lines.cut_off(&[0, 1]);
		assert!(answers(&mut within).await);
		assert!(!answers(&mut between).await, "what was connected is lost");
		for (from, to) in [(0, 2), (2, 0), (3, 1)] {
			assert!(!answers(&mut call(&lines, from, to).await).await, "{from} calls {to}");
		}
		assert!(answers(&mut call(&lines, 2, 3).await).await);

		lines.all(Line::Open);
		assert!(answers(&mut call(&lines, 0, 2).await).await);
	}

	#[tokio::test]
	async fn a_lossy_line_loses_connections_and_a_slow_one_only_time() {
		let port = echo().await;
		let lines = Lines::to([port; NODES], 1).await.expect("ports");
		assert!(answers(&mut call(&lines, 0, 1).await).await);
		assert_eq!(lines.lost(), 0);
		lines.all(Line::Lossy(1));
		let mut lost = false;
		for _ in 0..64 {
			// Of eight pieces one is the last, and the others wait for longer than this does.
			let mut stream = call(&lines, 0, 1).await;
			let answered =
				tokio::time::timeout(Duration::from_millis(100), answers(&mut stream)).await;
			lost |= answered == Ok(false);
		}
		assert!(lost && lines.lost() > 0);
		lines.all(Line::Slow(Duration::from_millis(20)));
		let began = tokio::time::Instant::now();
		assert!(answers(&mut call(&lines, 0, 1).await).await);
		assert!(began.elapsed() >= Duration::from_millis(40), "there, and back");
	}
}
