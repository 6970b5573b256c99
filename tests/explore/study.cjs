// Reads {script, choices} and prints, for each choice, the files and the command that the page writes.
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const { studyFiles, studyCommand } = new Function(
  `${asked.script}\nreturn { studyFiles, studyCommand };`,
)();
process.stdout.write(
  JSON.stringify(
    asked.choices.map((one) => ({ files: studyFiles(one), command: studyCommand(one) })),
  ),
);
