//! Real proxies, set up as they come: with the address to pass requests on to, and nothing else.

use std::{
	env, fs,
	net::TcpStream,
	path::PathBuf,
	process::{Child, Command, Stdio},
	thread,
	time::{Duration, Instant},
};
use tempfile::TempDir;

/// A running proxy. It ends when it is dropped.
pub struct Proxy {
	process: Child,
	_folder: TempDir,
}

impl Drop for Proxy {
	fn drop(&mut self) {
		// In good order: nginx leaves its workers behind when it is killed.
		let _ = Command::new("kill").arg(self.process.id().to_string()).status();
		let _ = self.process.wait();
	}
}

impl Proxy {
	/// Starts a proxy with this configuration, and waits until it listens.
	fn start(name: &str, arguments: &[&str], configuration: &str, listens: &str) -> Self {
		let folder = TempDir::new().unwrap();
		let path = folder.path().join("configuration");
		let here = folder.path().display().to_string();
		fs::write(&path, configuration.replace("FOLDER", &here)).unwrap();
		let process = Command::new(program(name))
			.args(arguments)
			.arg(&path)
			.env("HOME", folder.path())
			.current_dir(folder.path())
			.stdin(Stdio::null())
			.stdout(Stdio::null())
			.stderr(Stdio::null())
			.spawn()
			.unwrap();
		let proxy = Self { process, _folder: folder };
		let deadline = Instant::now() + Duration::from_secs(90);
		while TcpStream::connect(listens).is_err() {
			assert!(Instant::now() < deadline, "{name} does not listen");
			thread::sleep(Duration::from_millis(50));
		}
		proxy
	}

	/// nginx, with its own limits.
	pub fn nginx(listens: &str, gateway: &str) -> Self {
		let configuration = format!(
			"user root; daemon off; pid FOLDER/pid; error_log FOLDER/errors; events {{}}\n\
			 http {{\n\
			 access_log off;\n\
			 client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy;\n\
			 fastcgi_temp_path FOLDER/fastcgi; uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;\n\
			 server {{ listen {listens}; location / {{ proxy_pass http://{gateway}; }} }}\n\
			 }}\n"
		);
		Self::start("nginx", &["-c"], &configuration, listens)
	}

	/// Caddy, without its own certificates.
	pub fn caddy(listens: &str, gateway: &str) -> Self {
		let configuration = format!(
			"{{\n\tadmin off\n\tauto_https off\n}}\nhttp://{listens} {{\n\treverse_proxy {gateway}\n}}\n"
		);
		let arguments = ["run", "--adapter", "caddyfile", "--config"];
		Self::start("caddy", &arguments, &configuration, listens)
	}

	/// HAProxy, with the time limits that Debian's configuration has.
	pub fn haproxy(listens: &str, gateway: &str) -> Self {
		let configuration = format!(
			"defaults\n\tmode http\n\ttimeout connect 5000\n\ttimeout client 50000\n\ttimeout server 50000\n\
			 frontend vault\n\tbind {listens}\n\tdefault_backend gateway\n\
			 backend gateway\n\tserver one {gateway}\n"
		);
		Self::start("haproxy", &["-db", "-f"], &configuration, listens)
	}
}

/// A program: where the user or Debian has it, or where `scripts/setup` has unpacked it.
fn program(name: &str) -> PathBuf {
	let search = env::var_os("PATH").unwrap_or_default();
	let test = env::current_exe().unwrap();
	let unpacked = test.ancestors().map(|folder| folder.join("tools/bin"));
	let folders = env::split_paths(&search).chain([PathBuf::from("/usr/sbin")]).chain(unpacked);
	let mut found = folders.map(|folder| folder.join(name));
	let found = found.find(|path| path.is_file());
	found.unwrap_or_else(|| panic!("there is no {name}: scripts/setup --tests unpacks it"))
}
