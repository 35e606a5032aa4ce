//! What people do all day: the tasks of a hospital's desk, of a patient and of a doctor, by commands alone. Each is possible,
//! and none does harm beside what it is for. Prints how many commands each takes: `cargo nextest run --no-capture`.

mod desk;
mod doctor;
mod patient;

use medblock_e2e::{Consortium, Typist};
use serde_json::Value;

/// Wrong use of the program, as it exits: a question that there is no terminal for, too.
const USAGE: i32 = 2;
/// What the chain refuses.
const REFUSED: i32 = 3;
/// A passphrase that does not open the account.
const WRONG_KEY: i32 = 5;

/// The hospital of all of them, by its name.
const HOSPITAL: &str = "Northern General";
/// The patient, by the name in the profile.
const ANA: &str = "Ana Example";
/// The doctor, by the name in the directory.
const BONES: &str = "Dr. Bones";

/// What people of one role do, each task with the number of its commands.
struct Day {
	role: &'static str,
	/// The person, and further people or machines of the role.
	people: Vec<Typist>,
	counted: usize,
	tasks: Vec<(&'static str, usize)>,
}

impl Day {
	fn of(role: &'static str, person: Typist) -> Self {
		Self { role, people: vec![person], counted: 0, tasks: Vec::new() }
	}

	/// The person.
	fn own(&self) -> &Typist {
		&self.people[0]
	}

	/// All commands since the task before were for this one.
	fn done(&mut self, task: &'static str) {
		let typed: usize = self.people.iter().map(Typist::typed).sum();
		self.tasks.push((task, typed - self.counted));
		self.counted = typed;
	}

	/// Commands that belong to no task.
	fn passes(&mut self) {
		self.counted = self.people.iter().map(Typist::typed).sum();
	}

	fn print(&self) {
		println!("{}: {} commands", self.role, self.tasks.iter().map(|task| task.1).sum::<usize>());
		for (task, commands) in &self.tasks {
			println!("{commands:>4}  {task}");
		}
	}
}

/// A doctor as they have registered: the number, and the digests that verifying takes.
struct Registered {
	number: String,
	key: String,
	profile: String,
}

fn number(value: &Value) -> String {
	value.as_u64().unwrap_or_else(|| panic!("{value} is no number")).to_string()
}

fn text(value: &Value) -> String {
	value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// What is printed has this.
#[track_caller]
fn has(printed: &str, what: &str) {
	assert!(printed.contains(what), "{what:?} is missing in:\n{printed}");
}

/// What is printed does not have this.
#[track_caller]
fn lacks(printed: &str, what: &str) {
	assert!(!printed.contains(what), "{what:?} is in:\n{printed}");
}

#[tokio::test]
async fn everyday_work_is_done_by_commands() {
	let consortium = Consortium::start().await;
	let network = &consortium.network;
	let mut desk = Day::of("Clerk, hospital IT", Typist::newcomer(network).await);
	desk.people.push(Typist::known(network, "Alice").await);
	let (words, device) = patient::device(network).await;
	let mut patient = Day::of("Patient", device);
	let mut doctor = Day::of("Doctor", Typist::newcomer(network).await);

	desk::opens(&mut desk, consortium.gateways[0].url()).await;
	let (ana, bones) =
		tokio::join!(patient::registers(&mut patient), doctor::registers(&mut doctor));
	desk::verifies(&mut desk, &ana, &bones).await;
	desk::corrects(&mut desk, &ana, &bones).await;

	patient::adds(&mut patient).await;
	patient::shares(&mut patient, doctor.own(), &ana).await;
	patient::grants(&mut patient).await;
	doctor::reads(&mut doctor, &ana).await;
	doctor::writes(&mut doctor, &ana).await;
	doctor::hears(&mut doctor, &consortium, &bones).await;
	doctor::renews(&mut doctor, &desk, patient.own(), &bones).await;
	patient.passes();
	desk.passes();
	patient::takes_back(&mut patient, doctor.own()).await;
	// Another patient meanwhile comes to the hospital.
	let goes_on = async {
		patient::loses(&mut patient, &words, network).await;
		patient::leaves_nothing_behind(&mut patient).await;
	};
	tokio::join!(Box::pin(goes_on), Box::pin(desk::takes_in(&mut desk, network)));
	desk::renews_the_key(&mut desk, &ana, patient.own()).await;
	desk::says_goodbye(&mut desk, network).await;

	for (day, tasks) in [(&desk, 12), (&patient, 16), (&doctor, 7)] {
		day.print();
		assert_eq!(day.tasks.len(), tasks, "{}: {:?}", day.role, day.tasks);
		let dear: Vec<_> = day.tasks.iter().filter(|task| task.1 > 8).collect();
		assert!(dear.is_empty(), "{}: {dear:?}", day.role);
	}
}
