//! The workflow files that people copy: their commands exist and take these options.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// The commands of a workflow.
fn commands(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("docs/workflows").join(name)).unwrap();
    text.lines().filter_map(|line| line.trim().strip_prefix("run: ")).map(str::to_owned).collect()
}

#[test]
fn the_logs_are_judged_as_the_workflow_says() {
    let mut codes = Vec::new();
    for command in commands("check-logs.yml") {
        let Some((_, arguments)) = command.split_once("release/starttls-lab ") else { continue };
        let arguments = arguments.split(" > ").next().unwrap();
        // A folder with a log that breaks a MUST, in place of the project's own.
        let folder = std::env::temp_dir().join(format!("starttls-lab-workflow-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(
            folder.join("broken.log"),
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\nC: a1 LOGIN joe secret\nS: a1 NO no\n",
        )
        .unwrap();
        let arguments = arguments
            .split(' ')
            .map(|word| if word == "logs" { folder.display().to_string() } else { word.to_owned() });
        let output = Command::new(env!("CARGO_BIN_EXE_starttls-lab")).args(arguments).output().unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        codes.push(output.status.code());
        assert!(!output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(codes, [Some(1), Some(0)]);
}

#[test]
fn the_page_is_built_by_a_job_that_there_is() {
    let jobs = std::fs::read_to_string(root().join("xtask/src/main.rs")).unwrap();
    let commands = commands("pages.yml");
    let job = commands.iter().find_map(|command| command.strip_prefix("cargo xtask ")).unwrap();
    assert!(jobs.contains(&format!("\"{job}\" => ")), "{job}");
}
