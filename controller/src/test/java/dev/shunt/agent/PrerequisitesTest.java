package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.cli.CannotRunException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrerequisitesTest {
  @ParameterizedTest
  @ValueSource(strings = {"5.15.0-91-generic", "5.15", "6.1.0", "10.0.1"})
  void kernel_newEnough_accepted(String release) {
    assertThatCode(() -> Prerequisites.kernel(release)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.14.21", "5.4.0-42-generic", "4.19.0", "3.10"})
  void kernel_tooOld_saysWhatIsNeeded(String release) {
    assertThatThrownBy(() -> Prerequisites.kernel(release))
        .isInstanceOf(CannotRunException.class)
        .hasMessageContaining("kernel " + release + " is too old (expected: 5.15 or later");
  }

  @Test
  void kernel_unreadableRelease_refused() {
    assertThatThrownBy(() -> Prerequisites.kernel("generic"))
        .isInstanceOf(CannotRunException.class)
        .hasMessageContaining("kernel release: 'generic' (expected: 5.15 or later)");
  }

  @Test
  void libbpf_missing_namesTheFile() {
    assertThatThrownBy(() -> Prerequisites.libbpf(Optional.of("/no/such/libbpf.so")))
        .isInstanceOf(CannotRunException.class)
        .hasMessageStartingWith("load library /no/such/libbpf.so failed: no such file (ENOENT/2);")
        .hasMessageContaining("--libbpf");
  }

  @Test
  void libbpf_fileThatIsNone_saysSo() {
    assertThatThrownBy(() -> Prerequisites.libbpf(Optional.of("/etc/hostname")))
        .isInstanceOf(CannotRunException.class)
        .hasMessageContaining("/etc/hostname failed: it is not a libbpf 1.x for this machine");
  }

  @Test
  void mounts_pinDirectoryElsewhere_saysHowToMount(@TempDir Path elsewhere) {
    assertThatThrownBy(() -> Prerequisites.mounts(elsewhere))
        .isInstanceOf(CannotRunException.class)
        .hasMessageContaining("not on a bpffs")
        .hasMessageContaining("mount -t bpf");
  }
}
