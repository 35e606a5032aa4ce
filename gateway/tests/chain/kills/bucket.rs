//! A bucket's service that can be killed.

use super::{File, PATIENCE};
use crate::common::{ports::Port, s3::serve_for_ever};
use medblock_primitives::PatientId;
use medblock_tether::Tethered;
use sha2::{Digest as _, Sha256};
use std::{
	env, fs,
	net::{SocketAddr, TcpStream},
	path::Path,
	process::{Command, Stdio},
	thread,
	time::{Duration, Instant},
};
use tempfile::TempDir;

/// The folder and the address of the service that [`serves_a_bucket_until_it_is_killed`] is.
const FOLDER: &str = "MEDBLOCK_TEST_BUCKET";
const ADDRESS: &str = "MEDBLOCK_TEST_BUCKET_ADDRESS";

/// A bucket's service, as a process of its own.
pub(super) struct Bucket {
	folder: TempDir,
	address: SocketAddr,
	process: Tethered,
	_port: Port,
}

impl Bucket {
	pub(super) fn start() -> Self {
		let folder = tempfile::tempdir().unwrap();
		fs::create_dir(folder.path().join("records")).unwrap();
		let port = Port::take();
		let address = port.address().parse().unwrap();
		let process = serve(folder.path(), address);
		Self { folder, address, process, _port: port }
	}

	pub(super) fn endpoint(&self) -> String {
		format!("http://{}", self.address)
	}

	/// Ends it as a power failure would, and starts it again.
	pub(super) fn kill(&mut self) {
		self.process.kill().unwrap();
		self.process.wait().unwrap();
		self.process = serve(self.folder.path(), self.address);
	}

	/// Checks that the bucket has all of these files, byte for byte.
	pub(super) fn has(&self, id: PatientId, files: &[File]) {
		let folder = self.folder.path().join(format!("records/of/north/{}", id.0));
		for File { digest, length } in files {
			let name = hex::encode(digest);
			let found = fs::read(folder.join(&name[..2]).join(&name));
			let found = found.unwrap_or_else(|why| panic!("{name} was acknowledged: {why}"));
			assert!(found.len() == *length && Sha256::digest(&found)[..] == digest[..], "{name}");
		}
	}
}

impl Drop for Bucket {
	fn drop(&mut self) {
		let _ = self.process.kill();
		let _ = self.process.wait();
	}
}

/// Starts this very program, to be nothing but the service.
fn serve(folder: &Path, address: SocketAddr) -> Tethered {
	let mut command = Command::new(env::current_exe().unwrap());
	command
		.args(["--exact", "kills::bucket::serves_a_bucket_until_it_is_killed", "--ignored"])
		.env(FOLDER, folder)
		.env(ADDRESS, address.to_string());
	let process = Tethered::spawn(&command, |started| {
		started.stdout(Stdio::null()).stderr(Stdio::null());
	})
	.unwrap();
	let deadline = Instant::now() + PATIENCE;
	while TcpStream::connect(address).is_err() {
		assert!(Instant::now() < deadline, "the bucket's service does not listen");
		thread::sleep(Duration::from_millis(10));
	}
	process
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a service that the other test starts"]
async fn serves_a_bucket_until_it_is_killed() {
	let Some(folder) = env::var_os(FOLDER) else { return };
	let address = env::var(ADDRESS).unwrap().parse().unwrap();
	serve_for_ever(Path::new(&folder), address).await;
}
