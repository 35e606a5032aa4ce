use super::*;
use clap::{CommandFactory, Parser};

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
	assert_eq!((config.limits.quotas.unnamed, config.limits.reserve), (256 << 30, 1 << 30));
	assert_eq!(config.store, StoreConfig::Folder);
	assert_eq!((config.max_connections, config.connections_per_address), (512, 128));
	assert_eq!(config.header_timeout, Duration::from_secs(10));
	assert_eq!(config.fetch_interval, Some(Duration::from_secs(60)));
	assert_eq!(config.store_interval, Duration::from_secs(60));
	// As many as a client sends at a time, or nobody could send as fast as they might.
	assert_eq!((config.max_uploads, config.max_uploads_per_account), (64, 8));
	// A chart of 10,000 records is listed at once.
	assert_eq!(config.downloads_per_account, 20_000);
	assert_eq!((config.max_downloads, config.max_downloads_per_account), (256, 16));
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
fn the_state_is_a_file_or_without_a_password_a_server_for_gateways_with_one_bucket() {
	let folder = config(&[]).unwrap();
	assert_eq!(folder.state, Place::File(folder.data.join("state.sqlite")));
	assert_eq!(config(&["--state", "file"]).unwrap().state, folder.state);
	let on = |state: &str| config(&["--state", state, "--store", "s3://records/north"]);
	let url = "postgres://vault@db.example/vault?sslmode=verify-full";
	assert_eq!(on(url).unwrap().state, Place::Server(url.parse().unwrap()));
	assert!(config(&["--state", url]).unwrap_err().contains("--store"));
	for secret in ["postgres://vault:secret@db/vault", "postgres://db/vault?password=secret"] {
		let why = on(secret).unwrap_err();
		assert!(why.contains("PGPASSWORD") && !why.contains("secret"), "{why}");
	}
	for wrong in ["mysql://db/vault", "/var/lib/state", ""] {
		assert!(on(wrong).unwrap_err().contains("--state"), "{wrong}");
	}
}

#[test]
fn a_witness_is_another_node_and_a_sweep_takes_some_percent() {
	assert_eq!(config(&[]).unwrap().witnesses, [""; 0]);
	assert_eq!(config(&[]).unwrap().limits.sweep_percent, 2);
	let [east, south] = ["wss://east.example:9443", "wss://south.example:9443"];
	let both = config(&["--witness", east, "--witness", south, "--sweep-limit", "100"]).unwrap();
	assert_eq!(both.witnesses, [east, south]);
	assert_eq!(both.limits.sweep_percent, 100);
	assert!(config(&["--witness", "ws://127.0.0.1:9944"]).unwrap_err().contains("--witness"));
	for percent in ["0", "101"] {
		assert!(config(&["--sweep-limit", percent]).unwrap_err().contains("--sweep-limit"));
	}
}

#[test]
fn disclosures_are_kept_for_ever_or_for_three_years_at_least() {
	let kept = |arguments: &[&str]| config(arguments).map(|config| config.keep_disclosures);
	assert_eq!(kept(&[]), Ok(None));
	let three = kept(&["--keep-disclosures", "3"]).unwrap().unwrap();
	assert_eq!(three.as_secs() / (24 * 60 * 60), 3 * 366);
	for years in ["0", "2"] {
		let why = kept(&["--keep-disclosures", years]).unwrap_err();
		assert!(why.contains("3 years or more"), "{why}");
	}
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
		"--max-downloads",
		"--max-downloads-per-account",
	] {
		assert!(config(&[limit, "0"]).unwrap_err().contains(limit));
		assert!(config(&[limit, "1"]).is_ok());
	}
}

#[test]
fn only_a_proxy_that_is_named_is_trusted() {
	let proxies = |arguments: &[&str]| config(arguments).unwrap().proxies;
	assert_eq!(proxies(&[]), Network::LOOPBACK);
	let named: Vec<Network> = vec!["192.0.2.7".parse().unwrap()];
	for option in ["--proxy", "--trusted-proxy"] {
		assert_eq!(proxies(&[option, "192.0.2.7"]), named);
	}
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("gateway.toml");
	std::fs::write(&path, "trusted-proxy = ['192.0.2.7']").unwrap();
	assert_eq!(proxies(&["--config", &path.display().to_string()]), named);
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
