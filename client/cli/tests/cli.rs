//! The command line as its users see it. `cmd/*.trycmd` are sessions in a shell, with what each command prints and exits
//! with; `TRYCMD=overwrite` writes them anew. One program has all tests, so that it is linked once.

#![allow(clippy::unwrap_used)]

mod agent;
mod inputs;
mod interrupt;
mod terminal;

#[test]
fn every_session_goes_as_written() {
	trycmd::TestCases::new()
		.env("NO_COLOR", "1")
		.env("COLUMNS", "100")
		.case("tests/cmd/*.trycmd")
		.run();
}
