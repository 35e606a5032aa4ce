//! `medblock portal`.

use clap::{Args, Subcommand};
use medblock_vault_protocol::Address;
use std::path::PathBuf;

/// Serve the web portal on this machine, for browsers that should not depend on a hospital for the page.
#[derive(Args)]
pub struct Portal {
	/// The folder with the portal and its manifest.json.
	#[arg(long, value_name = "FOLDER", default_value = FOLDER)]
	pub folder: PathBuf,

	/// The port on localhost.
	#[arg(long, value_name = "PORT", default_value_t = 8450)]
	pub port: u16,

	/// The command; without one, the portal is served.
	#[command(subcommand)]
	pub command: Option<PortalCommand>,
}

/// The portal's commands.
#[derive(Subcommand)]
pub enum PortalCommand {
	/// Compare a hospital's portal with its manifest, with the hospitals' list, and with your own copy.
	Verify {
		/// The address of the hospital's gateway.
		url: Address,

		/// The folder with your own copy, which is compared as well.
		#[arg(long, value_name = "FOLDER")]
		folder: Option<PathBuf>,

		/// Ask no node whether the hospitals list this portal.
		#[arg(long)]
		without_chain: bool,
	},

	/// List the portals that hospitals may serve, by the council's decisions.
	Releases,
}

/// The folder of the package.
const FOLDER: &str = "/usr/share/medblock/portal";
