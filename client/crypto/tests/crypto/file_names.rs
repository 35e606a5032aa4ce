use medblock_crypto::safe_file_name;
use proptest::prelude::*;

#[test]
fn good_names_stay() {
	for name in [
		"scan.pdf",
		"Befund März.tar.gz",
		"王秀英.dcm",
		"a-b_c (2).png",
		"x",
		"console.txt",
		"می\u{200c}خواهم.pdf",
		"กิ่งแก้ว.pdf",
		"e\u{301}.pdf",
	] {
		assert_eq!(safe_file_name(name), name);
	}
}

#[test]
fn hostile_names_become_safe() {
	for (name, safe) in [
		("", "record"),
		(".", "record"),
		("..", "record"),
		("...", "record"),
		("/", "record"),
		(" \t\n", "record"),
		("../../etc/passwd", "passwd"),
		("..\\..\\boot.ini", "boot.ini"),
		("a/..", "record"),
		("/etc/", "record"),
		("C:evil.txt", "C_evil.txt"),
		("file.txt:stream", "file.txt_stream"),
		(".bashrc", "bashrc"),
		(". .ssh", "ssh"),
		("name. . ", "name"),
		("-rf", "_-rf"),
		("~root", "_~root"),
		("CON", "_CON"),
		("nul.txt", "_nul.txt"),
		("nul .txt", "_nul .txt"),
		("Com1.pdf", "_Com1.pdf"),
		("LPT¹", "_LPT¹"),
		("conout$", "_conout$"),
		("a\u{202e}fdp.exe", "afdp.exe"),
		("\u{1b}[31mred\u{7}.txt", "[31mred.txt"),
		(".\u{200e}./.\u{202e}.", "record"),
		("a\u{2028}b\u{feff}", "ab"),
		("a\0b", "ab"),
		("\u{200d}", "record"),
		("\u{3164}\u{fe0f}", "record"),
		("<a|b>?*\".txt", "_a_b____.txt"),
	] {
		assert_eq!(safe_file_name(name), safe, "{name:?}");
	}
}

#[test]
fn long_names_keep_their_extension() {
	let name = safe_file_name(&format!("{}.pdf", "ü".repeat(500)));
	assert!(name.len() <= 200 && name.ends_with("ü.pdf"), "{name}");
	let name = safe_file_name(&format!("a.{}", "b".repeat(500)));
	assert!(name.len() <= 200 && name.starts_with("a.bbb"));
	assert_eq!(safe_file_name(&format!("con{}.pdf", " ".repeat(500))), "_con.pdf");
}

proptest! {
	#[test]
	fn any_name_becomes_one_that_is_safe_and_stays(
		name in prop_oneof![".*", "[./\\\\ :\u{202e}\u{1b}-]*", "(con|nul|com1|a)[. ]{0,300}[a-z]{0,20}"],
	) {
		let safe = safe_file_name(&name);
		prop_assert!((1..=200).contains(&safe.len()), "{safe:?}");
		prop_assert!(!safe.contains(['/', '\\', ':', '\0', '\u{1b}', '\u{202e}', '\n']), "{safe:?}");
		prop_assert!(!safe.starts_with(['.', '-', ' ', '~']) && !safe.ends_with(['.', ' ']), "{safe:?}");
		prop_assert_eq!(safe_file_name(&safe), safe);
	}
}
