//! What a node's figures say of a real story, and what they never say.

use medblock_e2e::{
	Chain,
	Hospital::{South, West},
	Network, Up, Wallet, eventually, well_known,
};
use medblock_primitives::*;
use medblock_runtime::{AccountId, RuntimeCall};
use pallet_medical_records::Call;
use sp_core::{Pair, crypto::Ss58Codec};

/// One of our figures, with its labels but the SDK's.
struct Figure {
	name: String,
	labels: Vec<(String, String)>,
	value: f64,
}

/// What a node exports of ours.
struct Figures(Vec<Figure>);

impl Figures {
	async fn of(network: &Network, node: u16) -> Option<Self> {
		let text = reqwest::get(network.metrics_url(node)).await.ok()?.text().await.ok()?;
		let ours = text.lines().filter(|line| line.starts_with("medblock_"));
		Some(Self(ours.map(|line| parse(line).expect("Prometheus' text format")).collect()))
	}

	/// The value of a figure that has these labels.
	fn get(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
		let fits = |found: &[(String, String)]| {
			let has = |(key, value): &(&str, &str)| {
				found.iter().any(|(one, other)| one == key && other == value)
			};
			found.len() == labels.len() && labels.iter().all(has)
		};
		let found = self.0.iter().find(|one| one.name == name && fits(&one.labels));
		found.map(|one| one.value)
	}
}

fn parse(line: &str) -> Option<Figure> {
	let (series, value) = line.rsplit_once(' ')?;
	let (name, labels) = series.split_once('{')?;
	let labels = labels.trim_end_matches('}').split(',').map(|label| {
		let (key, value) = label.split_once('=')?;
		Some((key.to_owned(), value.trim_matches('"').to_owned()))
	});
	let mut labels: Vec<_> = labels.collect::<Option<_>>()?;
	// The SDK puts the chain's name on everything.
	labels.retain(|(key, _)| key != "chain");
	Some(Figure { name: name.to_owned(), labels, value: value.parse().ok()? })
}

/// Waits until a figure is what it has to become.
async fn becomes(
	network: &Network,
	name: &str,
	labels: &[(&str, &str)],
	fits: impl Fn(f64) -> bool,
) {
	eventually(&format!("{name} {labels:?} is as expected"), || async {
		Figures::of(network, 0).await?.get(name, labels).filter(|value| fits(*value))
	})
	.await;
}

/// A registration as a doctor that stays pending.
fn registration() -> RuntimeCall {
	let text = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
	let profile = DoctorProfile {
		name: text("Dr. Bo"),
		specialty: text("oncology"),
		qualification: text("MD"),
		practising_since: 2003,
	};
	let key = vec![1; X_WING_PUBLIC_KEY_LENGTH as usize].try_into().unwrap();
	let hospital = HospitalId(1);
	Call::register_doctor { hospital, profile, suite: SUITE_X_WING, key }.into()
}

/// Uses up the allowance of a registered person before the hospital has verified them.
async fn spends_everything(chain: &Chain, name: &str) {
	let key = well_known(name);
	let RuntimeCall::MedicalRecords(Call::register_doctor { profile, .. }) = registration() else {
		panic!("a doctor")
	};
	let correct = || {
		let profile = profile.clone();
		RuntimeCall::from(Call::update_doctor_profile { doctor: DoctorId(0), profile })
	};
	for _ in 0..20 {
		match chain.try_send(&key, correct()).await {
			Err(why) if why.contains("exhaust") => return,
			_ => (),
		}
	}
	panic!("the allowance has no end");
}

/// A client asks the chain what is left before it sends anything.
async fn is_told_when_to_go_on(network: &Network, name: &str) {
	let RuntimeCall::MedicalRecords(Call::register_doctor { profile, .. }) = registration() else {
		panic!("a doctor")
	};
	let chain = medblock_client::chain::Chain::connect(&network.url(0)).await.unwrap();
	let account = medblock_client::chain::AccountId::from(well_known(name).public().0);
	let correct = medblock_client::chain::Call::update_doctor_profile(DoctorId(0), profile);
	let told = chain.ensure_afforded(account, &correct).await;
	let is_told = matches!(
		told,
		Err(medblock_client::chain::Error::AllowanceSpent { capacity, seconds, is_shared: false, .. })
			if capacity > 0 && seconds > 0
	);
	assert!(is_told, "{told:?}");
}

/// On one network, which is disturbed only at the end.
#[tokio::test]
async fn figures_are_true_in_good_times_and_in_bad_ones() {
	let network = Network::new();
	network.up_as(&Up { with_metrics: true, ..Up::default() }).await;
	figures_tell_the_story_and_name_nobody(&network).await;
	lag_grows_while_nothing_becomes_final_and_the_node_counts_on_afterwards(&network).await;
}

async fn figures_tell_the_story_and_name_nobody(network: &Network) {
	let chain = Chain::connect(&network.url(0)).await;

	becomes(network, "medblock_validators_seated", &[], |seated| seated == 4.0).await;
	for hospital in ["0", "1", "2", "3"] {
		let label = [("hospital", hospital)];
		becomes(network, "medblock_hospital_seated", &label, |seated| seated == 1.0).await;
		becomes(network, "medblock_blocks_authored_total", &label, |blocks| blocks >= 2.0).await;
	}
	for hospital in ["1", "2", "3"] {
		// One machine, one clock.
		let on_time = |delay: f64| (-0.1..5.0).contains(&delay);
		let label = [("hospital", hospital)];
		becomes(network, "medblock_block_delay_seconds", &label, on_time).await;
	}
	becomes(network, "medblock_session_length_blocks", &[], |length| length > 0.0).await;
	becomes(network, "medblock_finality_lag_seconds", &[], |lag| lag < 10.0).await;
	becomes(network, "medblock_disk_free_bytes", &[], |free| free > 0.0).await;

	// Whoever is not registered can do nothing else: refused at the door, and counted there.
	let stranger = well_known("stranger");
	let relinquish = Call::relinquish_access { patients: vec![PatientId(0)].try_into().unwrap() };
	let refusal = chain.try_send(&stranger, relinquish.into());
	assert!(refusal.await.is_err());
	let refused = "medblock_transactions_refused_total";
	becomes(network, refused, &[("reason", "call")], |count| count == 1.0).await;
	becomes(network, refused, &[("reason", "allowance")], |count| count == 0.0).await;

	let waiting = [("hospital", "1"), ("kind", "doctor")];
	becomes(network, "medblock_registrations_pending", &waiting, |count| count == 0.0).await;
	chain.send(&well_known("pending"), registration()).await;
	becomes(network, "medblock_registrations_pending", &waiting, |count| count == 1.0).await;
	becomes(network, "medblock_registrations_overdue", &waiting, |count| count == 0.0).await;
	spends_everything(&chain, "pending").await;
	becomes(network, refused, &[("reason", "allowance")], |count| count == 1.0).await;
	is_told_when_to_go_on(network, "pending").await;

	let (patient, doctor) = (Wallet::new(&chain, "Ferdie"), Wallet::new(&chain, "Eve"));
	let (_, doctor_id) = tokio::join!(patient.patient(HospitalId(0)), doctor.doctor(HospitalId(1)));
	patient.adds(3).await;
	patient.grants(doctor_id).await;
	patient.revokes(doctor_id).await;
	for (name, expected) in [
		("medblock_open_lane_used_total", 3.0),
		("medblock_records_added_total", 3.0),
		("medblock_access_granted_total", 1.0),
		("medblock_access_revoked_total", 1.0),
		("medblock_access_relinquished_total", 0.0),
		("medblock_blocks_unread_total", 0.0),
	] {
		becomes(network, name, &[], |count| count == expected).await;
	}
	becomes(network, "medblock_people", &[("kind", "doctor")], |ids| ids == 2.0).await;
	becomes(network, "medblock_people", &[("kind", "patient")], |ids| ids == 1.0).await;
	// The verified doctor does not wait, the other still does.
	becomes(network, "medblock_registrations_pending", &waiting, |count| count == 1.0).await;

	labels_are_hospitals_and_fixed_words(network).await;
	no_account_is_named(network, &["Ferdie", "Eve", "pending", "stranger"]).await;
}

async fn labels_are_hospitals_and_fixed_words(network: &Network) {
	let figures = Figures::of(network, 0).await.unwrap();
	for Figure { name, labels, .. } in figures.0 {
		for (key, value) in labels {
			let is_known = match key.as_str() {
				"hospital" => ["0", "1", "2", "3"].contains(&value.as_str()),
				"kind" => ["patient", "doctor"].contains(&value.as_str()),
				"reason" => value.chars().all(|one| one.is_ascii_lowercase() || one == '-'),
				_ => false,
			};
			assert!(is_known, "{name} says {key}={value}");
		}
	}
}

async fn no_account_is_named(network: &Network, names: &[&str]) {
	let text = reqwest::get(network.metrics_url(0)).await.unwrap().text().await.unwrap();
	for name in names {
		let account = AccountId::from(well_known(name).public());
		let bytes: &[u8] = account.as_ref();
		let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
		for shown in [account.to_ss58check(), hex] {
			assert!(!text.contains(&shown), "{name} is in the figures");
		}
	}
}

async fn lag_grows_while_nothing_becomes_final_and_the_node_counts_on_afterwards(
	network: &Network,
) {
	network.kill(&[South, West]);
	// Two of four can't finalize, and author on.
	becomes(network, "medblock_finality_lag_seconds", &[], |lag| lag > 12.0).await;
	becomes(network, "medblock_finality_lag_blocks", &[], |lag| lag > 3.0).await;
	let counted = |figures: &Figures| -> f64 {
		let hospitals = ["0", "1", "2", "3"].map(|hospital| {
			figures.get("medblock_blocks_authored_total", &[("hospital", hospital)]).unwrap()
		});
		hospitals.iter().sum()
	};
	let halted = counted(&Figures::of(network, 0).await.unwrap());
	let only = vec![South, West];
	network.up_as(&Up { only, with_metrics: true, ..Up::default() }).await;
	becomes(network, "medblock_finality_lag_seconds", &[], |lag| lag < 10.0).await;
	// Everything that was made meanwhile became final at once, and none of it was passed over.
	let chain = Chain::connect(&network.url(0)).await;
	eventually("each final block is counted", || async {
		let number = chain.finalized().await.1.number;
		let figures = Figures::of(network, 0).await?;
		let counted = counted(&figures);
		(counted > halted && (f64::from(number) - counted).abs() <= 3.0).then_some(())
	})
	.await;
	becomes(network, "medblock_blocks_unread_total", &[], |unread| unread == 0.0).await;
}
