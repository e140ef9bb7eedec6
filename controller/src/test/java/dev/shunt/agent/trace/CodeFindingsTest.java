package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.agent.trace.CodeFindings.Scope;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.UserCode;
import dev.shunt.datapath.symbols.CodeUse;
import dev.shunt.datapath.symbols.CodeWatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each reader is told what concerns it, and why. */
class CodeFindingsTest {
  private static final int ENOENT = 2;
  private static final int ENOMEM = 12;
  private static final List<CodeUse> USES =
      List.of(use(5, "mesh"), use(6, "mesh"), use(7, "other"), use(8, "seen"));

  private static CodeUse use(int pid, String file) {
    return new CodeUse(pid, file, Path.of("/proc/" + pid), "/bin/" + file);
  }

  private static BpfException failed(int errno) {
    return new BpfException("attach", "SSL_read", errno);
  }

  private static CodeFindings found(Map<Scope, BpfException> refused) {
    return new CodeFindings(
        CodeKind.TLS,
        new CodeWatch.Seen(USES, Set.of(9)),
        Set.of(new Scope("seen", UserCode.EVERYBODY)),
        refused,
        Set.of(10));
  }

  @Test
  void refusals_ofOneProcess_areItsOwnOnly() {
    CodeFindings found =
        found(
            Map.of(
                new Scope("mesh", 6), failed(ENOENT),
                new Scope("other", UserCode.EVERYBODY), failed(ENOENT)));

    assertThat(found.refusals(5)).isEmpty();
    assertThat(found.refusals(8)).isEmpty();
    assertThat(found.refusals(7))
        .containsExactly(
            "attach SSL_read of process 7 (/bin/other) failed: no such file or entry (ENOENT/2); its"
                + " TLS is not seen (a program with the library linked in must not be stripped)");
    assertThat(found.refusal(6)).isEqualTo(found.refusals(6).get(0)).contains("process 6 ");
    assertThat(found.refusals(0)).isEqualTo(found.refusals(7));
  }

  @Test
  void refusals_ofAFileOfAll_nameTheProcessThatIsAskedFor() {
    CodeFindings found = found(Map.of(new Scope("mesh", UserCode.EVERYBODY), failed(ENOENT)));

    assertThat(found.refusals(0)).singleElement().asString().contains("process 5 (/bin/mesh)");
    assertThat(found.refusals(6)).singleElement().asString().contains("process 6 (/bin/mesh)");
  }

  @Test
  void refusal_forWantOfMemory_doesNotBlameTheProgram() {
    CodeFindings found = found(Map.of(new Scope("mesh", 5), failed(ENOMEM)));

    assertThat(found.refusals(5))
        .containsExactly(
            "attach SSL_read of process 5 (/bin/mesh) failed: out of memory (ENOMEM/12); its TLS is"
                + " not seen, it is tried again each second");
    assertThat(found.refusal(5)).as("a later try may succeed").isEmpty();
  }

  @Test
  void refusal_ofAProcess_dependsOnWhatIsKnown() {
    CodeFindings found = found(Map.of());

    assertThat(found.refusal(8)).isEmpty();
    assertThat(found.refusal(9)).as("not read to its end").isEmpty();
    assertThat(found.refusal(10))
        .isEqualTo(
            "find process 10 failed: no such process (ESRCH/3); it has ended, nothing is traced");
    assertThat(found.refusal(11))
        .isEqualTo("find OpenSSL or BoringSSL in process 11 failed: it has none mapped");
    assertThat(found.summary()).contains("that are watched: 1;");
  }
}
