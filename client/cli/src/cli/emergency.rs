//! `medblock patient emergency`, `medblock doctor emergency` and `medblock hospital emergency`.

use super::{Destination, Records, values::span};
use clap::{Args, Subcommand, ValueEnum};
use medblock_client::{
	medblock_primitives::{EmergencyReason, Review},
	names::Named,
};

/// A patient's commands about emergencies.
#[derive(Subcommand)]
pub enum PatientEmergency {
	/// Choose what doctors may see in an emergency, and which hospitals have to confirm it.
	///
	/// No hospital opens anything alone: at least two have to confirm that a doctor's request is an emergency. Each
	/// request is shown to you, and you can refuse it. The plan replaces an earlier one. The program shows it, and asks.
	Set(NewEmergencyPlan),

	/// Show your plan, the doctors who ask, and the last emergencies, with what the doctors have said.
	Show,

	/// No longer have a plan. What is open closes at once.
	Remove {
		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// Refuse a doctor's request, or close what is open. It takes effect at once.
	///
	/// Vaults stop giving the doctor anything. What they could open before, they may have kept.
	Refuse {
		/// The doctor's number or name.
		doctor: Named,
	},

	/// Say whether the last emergency of a doctor was one, once it has closed. All hospitals can see it.
	Judge {
		/// The doctor's number or name.
		doctor: Named,

		/// Your judgement.
		verdict: Verdict,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},
}

/// A plan for emergencies.
#[derive(Args)]
pub struct NewEmergencyPlan {
	/// A hospital that can confirm an emergency, by number or name; see `medblock network status`. Name two to eight.
	#[arg(long = "holder", required = true, value_name = "HOSPITAL")]
	pub holders: Vec<Named>,

	/// How many of them have to confirm: two at least.
	#[arg(long, value_name = "NUMBER", default_value_t = 2)]
	pub confirm: u32,

	/// For how long it is open then, such as 24h: a week at most.
	#[arg(long = "for", value_name = "SPAN", default_value = "24h", value_parser = span)]
	pub duration: u64,

	/// Open the whole chart.
	#[arg(long, required_unless_present = "records")]
	pub all: bool,

	/// Open these records only, such as a summary: 64 at most.
	#[arg(long, value_name = "RECORD", value_delimiter = ',', conflicts_with = "all")]
	pub records: Vec<u32>,

	/// Don't ask, for scripts.
	#[arg(long)]
	pub yes: bool,
}

/// A patient's judgement of an emergency.
#[derive(Clone, Copy, ValueEnum)]
pub enum Verdict {
	/// It was one.
	Justified,
	/// It was none.
	Unjustified,
}

impl From<Verdict> for Review {
	fn from(verdict: Verdict) -> Self {
		match verdict {
			Verdict::Justified => Self::Justified,
			Verdict::Unjustified => Self::Unjustified,
		}
	}
}

/// A doctor's commands about emergencies.
#[derive(Subcommand)]
pub enum DoctorEmergency {
	/// Ask hospitals to open a patient's chart in an emergency.
	///
	/// The hospitals that the patient has chosen have to confirm it, and the patient is told. What you say in words is
	/// encrypted for them; everybody sees that you have asked, and the kind of reason. The program asks first.
	Request(EmergencyRequest),

	/// Show what has become of your request.
	Show {
		/// The patient's number.
		patient: u32,
	},

	/// Fetch what is open in an emergency, verify it and decrypt it; as `medblock doctor open`.
	///
	/// `medblock doctor chart` lists what is open, with its titles. The patient sees each look.
	Open {
		/// The patient's number.
		patient: u32,

		/// The records.
		#[command(flatten)]
		records: Records,

		/// The destination.
		#[command(flatten)]
		to: Destination,
	},

	/// End your emergency before its time. Vaults then give you nothing more of the chart.
	End {
		/// The patient's number.
		patient: u32,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// Take your request back, before it is open.
	Withdraw {
		/// The patient's number.
		patient: u32,
	},
}

/// A request for an emergency.
#[derive(Args)]
pub struct EmergencyRequest {
	/// The patient's number.
	pub patient: u32,

	/// The kind of reason, which everybody sees.
	#[arg(long)]
	pub reason: Reason,

	/// The reason in words, for the hospitals that confirm it and for the patient: up to 2,000 bytes.
	#[arg(long)]
	pub text: String,

	/// Don't ask, for scripts.
	#[arg(long)]
	pub yes: bool,
}

/// The kind of a reason for an emergency.
#[derive(Clone, Copy, ValueEnum)]
pub enum Reason {
	/// The patient is unconscious.
	Unconscious,
	/// The patient is conscious, and can't use a device.
	Unable,
	/// The patient's life is in danger, and there is no time.
	LifeThreatening,
	/// Another reason, which the words name.
	Other,
}

impl From<Reason> for EmergencyReason {
	fn from(reason: Reason) -> Self {
		match reason {
			Reason::Unconscious => Self::Unconscious,
			Reason::Unable => Self::Unable,
			Reason::LifeThreatening => Self::LifeThreatening,
			Reason::Other => Self::Other,
		}
	}
}

/// A registrar's commands about emergencies.
#[derive(Subcommand)]
pub enum HospitalEmergency {
	/// List the doctors who ask for an emergency that your hospital can confirm, with what they have said.
	Pending,

	/// Confirm an emergency for your hospital.
	///
	/// The program passes your hospital's share of the key on to the doctor, and nothing else: it opens nothing alone.
	/// Call the doctor's hospital first. The program shows the request, and asks.
	Confirm {
		/// The patient's number.
		patient: u32,

		/// The doctor's number.
		doctor: u32,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// List the last emergencies of a patient: of your hospital, or one whose emergencies it can confirm.
	Review {
		/// The patient's number.
		patient: u32,
	},
}
