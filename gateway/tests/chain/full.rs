//! Disks that are full to the last byte: the vault's own, and those that only its files are on, or only what comes.

use super::*;
use std::{fs::File, io::Write, process::Command};

/// Says that a test runs in a namespace of its own, where it may mount a disk.
const ALONE: &str = "MEDBLOCK_TEST_ALONE";

/// Runs a test in a process whose mounts no other process sees, and that are gone with it.
fn alone(name: &str, test: impl AsyncFnOnce()) {
	if std::env::var_os(ALONE).is_some() {
		let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
		runtime.unwrap().block_on(test());
		return;
	}
	let output = Command::new("unshare")
		.args(["--user", "--map-root-user", "--mount"])
		.arg(std::env::current_exe().unwrap())
		.args(["--exact", name])
		.env(ALONE, "yes")
		.output()
		.unwrap();
	let said = String::from_utf8_lossy(&output.stdout).into_owned()
		+ &String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

fn run(program: &str, arguments: &[&str], at: &Path) {
	assert!(Command::new(program).args(arguments).arg(at).status().unwrap().success());
}

/// Fills a disk to the last byte, with a file that it returns.
fn ballast(disk: &Path) -> PathBuf {
	let path = disk.join("ballast");
	let mut file = File::create(&path).unwrap();
	for size in [64 << 10, 1 << 10, 1] {
		while file.write_all(&vec![7; size]).is_ok() {}
	}
	path
}

/// Fills the disk that one of the vault's folders is on, which is the vault's own or has files alone. What is there is read,
/// unless it has to be written down there, and what is sent is refused; once there is room, it goes on, and nothing is lost.
async fn fill(folder: &str, is_own: bool) {
	let mut setup = Setup::start_with(&["--disk-reserve", "0"]).await;
	let (patient, id) = setup.patient().await;
	setup.kill_gateway();
	let disk = setup.data.path().join(folder);
	run("mount", &["-t", "tmpfs", "-o", "size=16m", "tmpfs"], &disk);
	setup.resume().await;
	let own = setup.session(&patient).await;
	let there = age_file(1, 200_000);
	assert_eq!(own.upload(id, &there).await.status(), 201);
	let record = setup.name(&patient, &[&there]).await;
	let read = format!("/v1/patients/{}/records/{record}", id.0);

	let ballast = ballast(&disk);
	let file = age_file(2, 2_000_000);
	let path = upload_path(id, &file);
	let sending = own.request("PATCH", &path).header("upload-offset", 0);
	let sending = sending.header("upload-length", file.len()).body(file.clone()).send().await;
	// The connection may end before the answer is heard.
	if let Ok(answer) = sending {
		assert!(matches!(answer.status().as_u16(), 503 | 507), "{}", answer.status());
	}
	let answer = own.send("GET", &read).await;
	match answer.status().as_u16() {
		200 => assert!(answer.bytes().await.unwrap() == there),
		// What can't be written down is not given out. The database may have room of its own.
		status => assert!(is_own && matches!(status, 503 | 507), "{status}"),
	}

	std::fs::remove_file(ballast).unwrap();
	let deadline = Instant::now() + Duration::from_secs(60);
	loop {
		let offset: usize = match own.send("HEAD", &path).await {
			found if found.status() == 200 => {
				found.headers()["upload-offset"].to_str().unwrap().parse().unwrap()
			},
			_ => 0,
		};
		let rest = own.request("PATCH", &path).header("upload-offset", offset);
		let rest = rest.header("upload-length", file.len()).body(file[offset..].to_vec());
		let answered = match rest.send().await {
			Ok(answer) if answer.status() == 201 => break,
			Ok(answer) => {
				format!("{} {}", answer.status(), answer.text().await.unwrap_or_default())
			},
			Err(why) => why.to_string(),
		};
		assert!(Instant::now() < deadline, "it does not go on at {offset}: {answered}");
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
	let second = setup.name(&patient, &[&file]).await;
	assert!(own.send("GET", &read).await.bytes().await.unwrap() == there);
	let read = format!("/v1/patients/{}/records/{second}", id.0);
	assert!(own.send("GET", &read).await.bytes().await.unwrap() == file);
	setup.kill_gateway();
	setup.resume().await;
	let own = setup.session(&patient).await;
	assert!(own.send("GET", &read).await.bytes().await.unwrap() == file, "also after a restart");
	setup.kill_gateway();
	run("umount", &["-l"], &disk);
}

#[test]
fn a_full_disk_of_the_vault_loses_nothing() {
	alone("full::a_full_disk_of_the_vault_loses_nothing", || fill("", true));
}

#[test]
fn a_full_disk_of_files_loses_nothing() {
	alone("full::a_full_disk_of_files_loses_nothing", || fill("blobs", false));
}

#[test]
fn a_full_disk_of_uploads_loses_nothing() {
	alone("full::a_full_disk_of_uploads_loses_nothing", || fill("staging", false));
}
