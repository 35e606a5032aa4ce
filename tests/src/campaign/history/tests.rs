//! Each rule, with a history that keeps it and one that breaks it.

use super::*;

const FILE: File = File { patient: 1, record: 0 };
const PAIR: Pair = Pair { patient: 1, doctor: 2 };
/// How old the block may be by which a vault decides.
const GRACE: Millis = 5_000;

fn log(size: u64, root: &str) -> Log {
	Log { number: 0, size, root: root.to_owned() }
}

/// Whether exactly this rule was broken, once.
fn is_broken(history: &History, rule: Rule) -> bool {
	matches!(history.breaches(), [breach] if breach.rule == rule)
}

/// Whether this rule was tried, and none was broken.
fn is_kept(history: &History, rule: Rule) -> bool {
	history.breaches().is_empty() && history.checks(rule) > 0
}

#[test]
fn two_final_blocks_of_one_height_are_found() {
	let mut history = History::default();
	history.finalized(0, 7, "0xa");
	assert_eq!(history.checks(Rule::OneFinalBlock), 0, "one node alone compares nothing");
	history.finalized(1, 7, "0xa");
	assert!(is_kept(&history, Rule::OneFinalBlock));
	history.finalized(2, 7, "0xb");
	assert!(is_broken(&history, Rule::OneFinalBlock));
}

#[test]
fn what_has_nothing_to_be_compared_with_tries_no_rule() {
	let mut history = History::default();
	history.head(0, 7);
	history.acknowledged(FILE, [1; 32]);
	history.revocation(PAIR, Revocation::Stalled("late".to_owned()), 1_000, true);
	history.log(0, log(3, "a"));
	history.anchor(0, 0, log(3, "a"));
	for rule in [
		Rule::FinalOnly,
		Rule::FilesStay,
		Rule::RevocationsTaken,
		Rule::LogsGrow,
		Rule::AnchorsGrow,
	] {
		assert_eq!(history.checks(rule), 0, "{rule:?}");
	}
}

#[test]
fn one_node_that_changes_its_final_block_is_found() {
	let mut history = History::default();
	history.finalized(0, 7, "0xa");
	history.finalized(0, 7, "0xb");
	assert!(is_broken(&history, Rule::OneFinalBlock));
}

#[test]
fn a_node_that_goes_back_is_found_unless_it_was_killed() {
	let mut history = History::default();
	history.head(3, 10);
	history.head(3, 12);
	history.killed(3);
	history.head(3, 5);
	assert!(is_kept(&history, Rule::FinalOnly));
	history.head(3, 4);
	assert!(is_broken(&history, Rule::FinalOnly));
}

#[test]
fn a_call_in_a_block_that_is_not_final_is_found_whichever_is_told_first() {
	let mut history = History::default();
	history.told("a grant", 9, "0xa");
	history.finalized(0, 9, "0xa");
	assert!(is_kept(&history, Rule::CallsStay));
	history.told("another", 9, "0xb");
	assert!(is_broken(&history, Rule::CallsStay));

	let mut history = History::default();
	history.told("a grant", 9, "0xb");
	history.finalized(0, 9, "0xa");
	assert!(is_broken(&history, Rule::CallsStay));
}

#[test]
fn a_file_with_another_content_is_found() {
	let mut history = History::default();
	history.acknowledged(FILE, [1; 32]);
	history.served(FILE, [1; 32]);
	assert!(is_kept(&history, Rule::FilesStay));
	history.served(FILE, [2; 32]);
	assert!(is_broken(&history, Rule::FilesStay));

	let mut history = History::default();
	history.mangled(FILE);
	assert!(is_broken(&history, Rule::FilesStay));

	let mut history = History::default();
	history.acknowledged(FILE, [1; 32]);
	history.acknowledged(FILE, [2; 32]);
	assert!(is_broken(&history, Rule::FilesStay), "two in one place");
}

#[test]
fn a_file_that_is_not_served_in_an_audit_is_found() {
	for (after_stall, rule) in [(false, Rule::FilesStay), (true, Rule::StallLosesNothing)] {
		let mut history = History::default();
		history.acknowledged(FILE, [1; 32]);
		history.audit(&history.files(), after_stall);
		assert_eq!(history.owed(), [FILE]);
		history.served(FILE, [1; 32]);
		history.audit_over();
		assert!(is_kept(&history, rule));

		history.audit(&history.files(), after_stall);
		history.audit_over();
		assert!(is_broken(&history, rule));
	}
}

#[test]
fn an_audit_of_nothing_tries_nothing() {
	let mut history = History::default();
	history.audit(&[FILE], true);
	history.audit_over();
	assert_eq!(history.checks(Rule::StallLosesNothing), 0);
}

#[test]
fn a_read_after_a_final_revocation_is_found() {
	let mut history = History::default();
	history.read_before(PAIR);
	history.read(PAIR, 500, GRACE);
	history.revocation(PAIR, Revocation::Taken, 1_000, false);
	history.read(PAIR, 1_000 + GRACE, GRACE);
	assert_eq!(history.checks(Rule::NoReadAfterRevocation), 0, "it may be that late");
	history.read_refused(PAIR, 1_001 + GRACE, GRACE);
	assert!(is_kept(&history, Rule::NoReadAfterRevocation));
	history.read(PAIR, 1_001 + GRACE, GRACE);
	assert!(is_broken(&history, Rule::NoReadAfterRevocation));
}

#[test]
fn a_doctor_who_was_never_served_shows_nothing_by_being_refused() {
	let mut history = History::default();
	history.revocation(PAIR, Revocation::Taken, 1_000, false);
	history.read_refused(PAIR, 1_001 + GRACE, GRACE);
	assert_eq!(history.checks(Rule::NoReadAfterRevocation), 0);

	// Nor by one grant for the next.
	history.read_before(PAIR);
	history.granting(PAIR);
	history.revocation(PAIR, Revocation::Taken, 2_000, false);
	history.read_refused(PAIR, 2_001 + GRACE, GRACE);
	assert_eq!(history.checks(Rule::NoReadAfterRevocation), 0);

	// A read that should be refused is one in any case.
	history.read(PAIR, 2_001 + GRACE, GRACE);
	assert!(is_broken(&history, Rule::NoReadAfterRevocation));
}

#[test]
fn a_log_without_entries_shows_nothing() {
	let mut history = History::default();
	history.log(0, log(0, "none"));
	history.log(0, log(0, "none"));
	assert_eq!(history.checks(Rule::LogsGrow), 0);
	history.log(0, log(1, "a"));
	assert!(is_kept(&history, Rule::LogsGrow));
	history.log(0, log(0, "none"));
	assert!(is_broken(&history, Rule::LogsGrow));
}

#[test]
fn a_node_that_ends_by_itself_is_found() {
	let mut history = History::default();
	history.node_runs(1, true, "before episode 1");
	assert!(is_kept(&history, Rule::NodesGoOn));
	history.node_runs(1, false, "in episode 1");
	assert!(is_broken(&history, Rule::NodesGoOn));
}

#[test]
fn what_people_were_told_is_counted() {
	let mut history = History::default();
	assert_eq!(history.done(), (0, 0));
	history.told("a record", 9, "0xa");
	history.told("a grant", 9, "0xa");
	history.acknowledged(FILE, [1; 32]);
	assert_eq!(history.done(), (2, 1));
}

#[test]
fn a_second_revocation_gives_no_more_time() {
	let mut history = History::default();
	history.revocation(PAIR, Revocation::Taken, 1_000, false);
	history.revocation(PAIR, Revocation::Taken, 9_000, false);
	history.read(PAIR, 1_001 + GRACE, GRACE);
	assert!(is_broken(&history, Rule::NoReadAfterRevocation));
}

#[test]
fn a_read_after_another_grant_is_none_after_a_revocation() {
	let mut history = History::default();
	history.revocation(PAIR, Revocation::Taken, 1_000, false);
	history.granting(PAIR);
	history.read(PAIR, 90_000, GRACE);
	assert!(history.breaches().is_empty());
}

#[test]
fn a_revocation_that_is_refused_is_found() {
	let mut history = History::default();
	history.revocation(PAIR, Revocation::Taken, 1_000, false);
	history.revocation(PAIR, Revocation::Stalled("late".to_owned()), 2_000, true);
	assert!(is_kept(&history, Rule::RevocationsTaken));
	history.revocation(PAIR, Revocation::Refused("spent".to_owned()), 3_000, true);
	assert!(is_broken(&history, Rule::RevocationsTaken));
}

#[test]
fn a_stall_that_nothing_explains_is_found() {
	let mut history = History::default();
	history.revocation(PAIR, Revocation::Stalled("late".to_owned()), 1_000, false);
	assert!(is_broken(&history, Rule::RevocationsTaken));
}

#[test]
fn a_log_that_shrinks_or_changes_is_found() {
	for (next, breaks) in [
		(log(4, "b"), false),
		(log(3, "a"), false),
		(log(3, "b"), true),
		(log(2, "a"), true),
		(Log { number: 1, ..log(9, "c") }, true),
	] {
		let mut history = History::default();
		history.log(0, log(3, "a"));
		history.log(1, log(1, "z"));
		history.log(0, next.clone());
		assert_eq!(is_broken(&history, Rule::LogsGrow), breaks, "{next:?}");
	}
}

#[test]
fn an_anchor_that_shrinks_or_changes_is_found() {
	let mut history = History::default();
	history.anchor(0, 0, log(3, "a"));
	history.anchor(1, 0, log(1, "z"));
	history.anchor(0, 1, log(5, "b"));
	history.anchor(0, 0, log(3, "a"));
	assert!(is_kept(&history, Rule::AnchorsGrow));
	let mut shrinks = history.clone();
	shrinks.anchor(0, 2, log(4, "c"));
	assert!(is_broken(&shrinks, Rule::AnchorsGrow));
	history.anchor(0, 1, log(5, "c"));
	assert!(is_broken(&history, Rule::AnchorsGrow));
}

#[test]
fn a_word_in_clear_is_found() {
	let mut history = History::default();
	history.searched("a log", None);
	assert!(is_kept(&history, Rule::NothingInClear));
	history.searched("a log", Some("haemoglobin"));
	assert!(is_broken(&history, Rule::NothingInClear));
}

#[test]
fn a_network_that_does_not_heal_is_found() {
	let mut history = History::default();
	history.healed("episode 1", true);
	assert!(is_kept(&history, Rule::Heals));
	history.healed("episode 2", false);
	assert!(is_broken(&history, Rule::Heals));
}

#[test]
fn what_was_never_tried_is_not_kept() {
	let mut history = History::default();
	let needed = [Rule::OneFinalBlock, Rule::Heals];
	assert_eq!(history.verdict(&needed), Verdict::NotTried(needed.to_vec()));
	history.healed("episode 1", true);
	assert_eq!(history.verdict(&needed), Verdict::NotTried(vec![Rule::OneFinalBlock]));
	history.finalized(0, 1, "0xa");
	history.finalized(1, 1, "0xa");
	assert_eq!(history.verdict(&needed), Verdict::Kept);
	history.finalized(2, 1, "0xb");
	assert!(matches!(history.verdict(&needed), Verdict::Broken(broken) if broken.len() == 1));
}
