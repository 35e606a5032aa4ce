use super::*;
use clap::CommandFactory;

fn config(arguments: &[&str]) -> Result<Config, String> {
	let needed = ["gateway", "--node", "ws://127.0.0.1:9944", "--hospital", "1", "--data", "/d"];
	let cli = Cli::try_parse_from(needed.iter().chain(arguments)).map_err(|e| e.to_string())?;
	cli.load().map_err(|why| why.to_string())
}

#[test]
fn the_command_line_is_sound() {
	Cli::command().debug_assert();
}

#[test]
fn what_is_not_given_has_a_default() {
	let config = config(&[]).unwrap();
	assert_eq!(config.listen.to_string(), "127.0.0.1:8440");
	// Or a second gateway on the same machine would find the address taken.
	assert_eq!(config.metrics_listen, None);
	assert_eq!(config.limits.max_file, 8 << 30);
	assert_eq!(config.store, StoreConfig::Folder);
	assert_eq!((config.max_connections, config.connections_per_address), (512, 128));
	assert_eq!(config.header_timeout, Duration::from_secs(10));
	// As many as a client sends at a time, or nobody could send as fast as they might.
	assert_eq!((config.max_uploads, config.max_uploads_per_account), (64, 8));
	// A chart of 10,000 records is listed at once.
	assert_eq!(config.downloads_per_account, 20_000);
}

#[test]
fn the_file_says_what_the_command_line_does_not() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("gateway.toml");
	let text = "node = ['ws://a:1', 'ws://b:1']\nhospital = 2\nmax-file = '1 MiB'\n\
		log-format = 'json'\nquota-pending = '2KiB'\nmetrics-listen = '10.0.0.5:9616'";
	std::fs::write(&path, text).unwrap();
	let path = path.display().to_string();
	let config = config(&["--config", &path, "--max-file", "3MiB"]).unwrap();
	assert_eq!(config.nodes, ["ws://127.0.0.1:9944"]);
	assert_eq!(config.hospital, HospitalId(1));
	assert_eq!(config.limits.max_file, 3 << 20);
	assert_eq!(config.limits.quotas.pending, 2 << 10);
	assert_eq!(config.log_format, LogFormat::Json);
	assert_eq!(config.metrics_listen.unwrap().to_string(), "10.0.0.5:9616");
}

#[test]
fn the_packages_settings_are_sound_and_keep_figures_on_this_machine() {
	let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../packaging/config/gateway.toml");
	let config = config(&["--config", path]).unwrap();
	assert_eq!(config.metrics_listen.unwrap().to_string(), "127.0.0.1:9616");
}

#[test]
fn a_setting_that_does_not_exist_is_refused() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("gateway.toml");
	std::fs::write(&path, "max-flie = '1 MiB'").unwrap();
	let path = path.display().to_string();
	assert!(config(&["--config", &path]).unwrap_err().contains("max-flie"));
	assert!(config(&["--config", "/nowhere/at/all"]).unwrap_err().contains("/nowhere/at/all"));
}

#[test]
fn portals_are_checked_hourly_by_gateways_that_serve_one() {
	let interval = |arguments: &[&str]| config(arguments).unwrap().portal_check_interval;
	assert_eq!(interval(&[]), None);
	assert_eq!(interval(&["--portal", "/p"]), Some(Duration::from_secs(3_600)));
	assert_eq!(interval(&["--portal", "/p", "--portal-check-interval", "0"]), None);
	let often = interval(&["--portal-check-interval", "60"]);
	assert_eq!(often, Some(Duration::from_secs(60)), "without a portal of its own, too");
	assert!(!config(&["--portal", "/p"]).unwrap().portal_unlisted);
}

#[test]
fn a_limit_that_lets_nobody_in_is_refused() {
	for limit in [
		"--max-connections",
		"--connections-per-address",
		"--max-uploads",
		"--max-uploads-per-account",
		"--downloads-per-account",
	] {
		assert!(config(&[limit, "0"]).unwrap_err().contains(limit));
		assert!(config(&[limit, "1"]).is_ok());
	}
}

#[test]
fn plain_http_stays_on_this_machine() {
	for refused in [
		["--listen", "0.0.0.0:80"].as_slice(),
		&["--url", "http://gateway.example"],
		&["--store", "s3://b", "--s3-endpoint", "http://s3.example"],
	] {
		assert!(config(refused).is_err(), "{refused:?}");
	}
	for accepted in [
		["--listen", "0.0.0.0:80", "--behind-proxy"].as_slice(),
		&["--listen", "0.0.0.0:443", "--tls-certificate", "c", "--tls-key", "k"],
		&["--url", "https://gateway.example"],
		&["--url", "http://127.0.0.1:8440"],
		// No token crosses there.
		&["--metrics-listen", "0.0.0.0:9616"],
		&["--store", "s3://b", "--s3-endpoint", "http://127.0.0.1:9000"],
		&["--store", "s3://b/some/prefix"],
	] {
		assert!(config(accepted).is_ok(), "{accepted:?}");
	}
}

#[test]
fn a_store_is_a_folder_or_a_bucket() {
	for refused in ["", "files", "s3://", "s3:bucket", "https://b", "s3://b?x=1", "s3://u@b"] {
		assert!(config(&["--store", refused]).is_err(), "{refused}");
	}
}
