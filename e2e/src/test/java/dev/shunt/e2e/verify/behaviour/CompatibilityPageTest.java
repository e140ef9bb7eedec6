package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompatibilityPageTest {
  private static final BehaviourReport REPORT =
      new BehaviourReport(
          List.of(
              new CaseRow("churn", "v4/nonblock/loopback", Verdict.EQUAL, "", 7, "", List.of()),
              new CaseRow(
                  "churn",
                  "v6/block/loopback",
                  Verdict.KEPT_ON_TCP,
                  "blocking_reader",
                  0,
                  "blocking_reader=1",
                  List.of())));

  @TempDir private Path folder;

  @Test
  void updated_pageWithSection_replacesItAlone() throws IOException {
    Path page = folder.resolve("compatibility.md");
    Files.writeString(
        page,
        "before\n"
            + CompatibilityPage.SECTION.begin()
            + "\nold\n"
            + CompatibilityPage.SECTION.end()
            + "\nafter\n");

    String text = CompatibilityPage.updated(page, REPORT);

    assertThat(text).startsWith("before\n").endsWith("\nafter\n").doesNotContain("old");
    assertThat(text)
        .contains(
            "| churn | 1 equal<br>1 kept-on-tcp: blocking_reader |",
            "1 cases in 2 runs: 1 equal, 1 kept-on-tcp, 0 deviation, 0 different");
  }

  @Test
  void kernel_releaseOfADistribution_versionAlone() {
    assertThat(CompatibilityPage.kernel("6.1.0-38-amd64")).isEqualTo("6.1.0");
  }

  @Test
  void updated_noPage_sectionAlone() throws IOException {
    assertThat(CompatibilityPage.updated(folder.resolve("absent.md"), REPORT))
        .startsWith(CompatibilityPage.SECTION.begin());
  }
}
