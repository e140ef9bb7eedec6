package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyDirectoryTest {
  private static final String BAD = "spec: {priority: high}";

  @TempDir Path parent;

  private PolicyDirectory policies() {
    return new PolicyDirectory(directory());
  }

  private Path directory() {
    return parent.resolve("policies");
  }

  @Test
  void load_noDirectory_noPolicies() {
    assertThat(policies().load()).isEqualTo(new PolicySet(List.of(), List.of()));
  }

  @Test
  void load_directoryAppears_picksItUp() throws Exception {
    PolicyDirectory policies = policies();
    policies.load();
    assertThat(policies.changed()).isFalse();

    write("a.yaml", "one");

    assertThat(policies.changed()).isTrue();
    assertThat(names(policies.load())).containsExactly("default/one");
    assertThat(policies.changed()).isFalse();
  }

  @Test
  void load_otherFiles_leftOut() throws Exception {
    write("b.yml", "b");
    write("a.yaml", "a");
    write(".hidden.yaml", "hidden");
    write("a.yaml.bak", "backup");

    PolicySet set = policies().load();

    assertThat(set.files())
        .containsExactly(
            new PolicyFile(directory().resolve("a.yaml"), Optional.empty()),
            new PolicyFile(directory().resolve("b.yml"), Optional.empty()));
    assertThat(names(set)).containsExactly("default/a", "default/b");
  }

  @Test
  void load_fileTurnsBad_keepsItsLastGoodAndAppliesOthers() throws Exception {
    PolicyDirectory policies = policies();
    write("a.yaml", "a");
    policies.load();
    Path file = writeText("a.yaml", policy("changed").replace("spec: {}", BAD));
    write("b.yaml", "b");

    PolicySet set = policies.load();

    assertThat(names(set)).containsExactlyInAnyOrder("default/a", "default/b");
    assertThat(set.files().get(0).error())
        .contains(
            file
                + ":4: spec.priority: high (expected: -1000000..1000000) in Acceleration"
                + " default/changed; keeping the last good policies");
    assertThat(set.files().get(1).accepted()).isTrue();
  }

  @Test
  void load_badFromTheStart_saysThatNothingIsInForce() throws Exception {
    writeText("a.yaml", policy("a").replace("spec: {}", BAD));

    PolicySet set = policies().load();

    assertThat(set.policies()).isEmpty();
    assertThat(error(set, "a.yaml")).endsWith("; no policy of this file is in force");
  }

  @Test
  void load_fileRemoved_policiesGo() throws Exception {
    PolicyDirectory policies = policies();
    Path file = write("a.yaml", "a");
    policies.load();
    Files.delete(file);

    assertThat(policies.changed()).isTrue();
    assertThat(policies.load().policies()).isEmpty();
  }

  @Test
  void load_badFileRemoved_lastGoodGoesToo() throws Exception {
    PolicyDirectory policies = policies();
    write("a.yaml", "a");
    policies.load();
    Path file = writeText("a.yaml", "[");
    assertThat(names(policies.load())).containsExactly("default/a");
    Files.delete(file);

    assertThat(policies.load().policies()).isEmpty();
  }

  @Test
  void load_nameInTwoNewFiles_firstFileWins() throws Exception {
    Path first = write("a.yaml", "web");
    write("b.yaml", "web");

    PolicySet set = policies().load();

    assertThat(set.policies()).extracting(p -> p.origin().file()).containsExactly(first.toString());
    assertThat(error(set, "b.yaml"))
        .isEqualTo(
            directory().resolve("b.yaml")
                + ":1: metadata.name: Acceleration default/web (expected: a name used once; also at"
                + " "
                + first
                + ":1); no policy of this file is in force");
  }

  @Test
  void load_nameThatAnotherFileHad_staysThere() throws Exception {
    PolicyDirectory policies = policies();
    write("b.yaml", "web");
    policies.load();
    write("a.yaml", "web");

    PolicySet set = policies.load();

    assertThat(error(set, "a.yaml")).contains("a name used once");
    assertThat(set.files().get(1).accepted()).isTrue();
    assertThat(set.policies()).hasSize(1);
  }

  @Test
  void load_nameMovesToAnotherFile_accepted() throws Exception {
    PolicyDirectory policies = policies();
    write("b.yaml", "web");
    write("a.yaml", "api");
    policies.load();
    write("a.yaml", "web");
    write("b.yaml", "api");

    PolicySet set = policies.load();

    assertThat(set.files()).allMatch(PolicyFile::accepted);
    assertThat(names(set)).containsExactlyInAnyOrder("default/web", "default/api");
  }

  @Test
  void load_nameOfABadFilesLastGood_refusedElsewhere() throws Exception {
    PolicyDirectory policies = policies();
    write("b.yaml", "web");
    policies.load();
    writeText("b.yaml", "[");
    write("a.yaml", "web");

    PolicySet set = policies.load();

    assertThat(names(set)).containsExactly("default/web");
    assertThat(error(set, "a.yaml")).contains("also at " + directory().resolve("b.yaml"));
  }

  @Test
  void load_permissionsMended_acceptedWithoutNewContent() throws Exception {
    Path file = write("a.yaml", "a");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    PolicyDirectory policies = policies();
    assertThat(policies.load().policies()).isEmpty();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(policies.changed()).isTrue();
    assertThat(names(policies.load())).containsExactly("default/a");
  }

  @Test
  void load_moreThan1022Policies_namesTheOneTooMuchAndKeepsTheLastGood() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1021; i++) {
      text.append("---\n").append(policy("p" + i));
    }
    writeText("a.yaml", text.toString());
    write("b.yaml", "last");
    PolicyDirectory policies = policies();
    assertThat(policies.load().policies()).hasSize(1022);
    writeText("b.yaml", policy("last") + "---\n" + policy("one-more"));

    PolicySet set = policies.load();

    assertThat(set.policies()).hasSize(1022);
    assertThat(names(set)).contains("default/last").doesNotContain("default/one-more");
    assertThat(error(set, "b.yaml"))
        .contains(
            "policies: 1023 (expected: at most 1022 in all files) in Acceleration default/one-more")
        .endsWith("; keeping the last good policies");
  }

  @Test
  void load_directoryCannotBeRead_keepsEverything() throws Exception {
    PolicyDirectory policies = policies();
    write("a.yaml", "a");
    policies.load();
    Files.move(directory(), parent.resolve("old"));
    Files.writeString(directory(), "not a directory");

    PolicySet set = policies.load();

    assertThat(names(set)).containsExactly("default/a");
    assertThat(set.files()).hasSize(1);
    assertThat(set.files().get(0).error().orElse(""))
        .startsWith(directory() + ": read directory failed: ")
        .endsWith("; keeping the last good policies");
  }

  @Test
  void load_exampleFiles_accepted() throws Exception {
    Path examples = Path.of("../examples/policies").toRealPath();
    Files.createDirectory(directory());
    try (var files = Files.list(examples)) {
      for (Path example : files.filter(Files::isRegularFile).toList()) {
        writeText(example.getFileName().toString(), Files.readString(example));
      }
    }

    PolicySet set = policies().load();

    assertThat(set.files()).isNotEmpty().allMatch(PolicyFile::accepted);
  }

  private static String error(PolicySet set, String file) {
    return set.files().stream()
        .filter(f -> f.path().endsWith(file))
        .findFirst()
        .flatMap(PolicyFile::error)
        .orElse("");
  }

  private static List<String> names(PolicySet set) {
    return set.policies().stream().map(policy -> policy.name().endpointName()).toList();
  }

  private static String policy(String name) {
    return "apiVersion: shunt.dev/v1alpha1\nkind: Acceleration\nmetadata: {name: "
        + name
        + "}\nspec: {}\n";
  }

  private Path write(String file, String name) throws IOException {
    return writeText(file, policy(name));
  }

  private Path writeText(String file, String text) throws IOException {
    Files.createDirectories(directory());
    Path path = Files.writeString(directory().resolve(file), text);
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
