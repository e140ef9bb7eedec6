package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.desired.EndpointIds;
import dev.shunt.desired.ModeOverride;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoresTest {
  @TempDir Path parent;

  private Path state() {
    return parent.resolve("state");
  }

  @Test
  void readMode_nothingKept_policy() {
    assertThat(new ModeStore(state()).read())
        .isEqualTo(new StoredMode(ModeOverride.POLICY, Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(ModeOverride.class)
  void writeMode_readByTheNextProcess(ModeOverride override) throws Exception {
    new ModeStore(state()).write(ModeOverride.OFF);
    new ModeStore(state()).write(override);

    assertThat(new ModeStore(state()).read()).isEqualTo(new StoredMode(override, Optional.empty()));
    assertThat(state())
        .isDirectoryContaining("glob:**mode")
        .isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void writeMode_permissions_ownerOnly() throws Exception {
    new ModeStore(state()).write(ModeOverride.OBSERVE);

    assertThat(permissions(state().resolve("mode"))).isEqualTo("rw-------");
    assertThat(permissions(state())).isIn("rwxr-x---", "rwx------"); // umask
  }

  @Test
  void writeMode_leftoverOfACrash_replaced() throws Exception {
    Files.createDirectory(state());
    Files.writeString(state().resolve("mode.new"), "half");
    new ModeStore(state()).write(ModeOverride.OFF);

    assertThat(new ModeStore(state()).read().override()).isEqualTo(ModeOverride.OFF);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "", "OFF", "off\noff"})
  void readMode_unknown_policyWithError(String text) throws Exception {
    Files.createDirectory(state());
    Files.writeString(state().resolve("mode"), text);

    StoredMode stored = new ModeStore(state()).read();

    assertThat(stored.override()).isEqualTo(ModeOverride.POLICY);
    assertThat(stored.error().orElse(""))
        .startsWith(state().resolve("mode") + ": ")
        .endsWith(" (expected: policy, off, observe, accelerate); following the policies");
  }

  @Test
  void readMode_notAFile_policyWithError() throws Exception {
    Files.createDirectories(state().resolve("mode"));

    StoredMode stored = new ModeStore(state()).read();

    assertThat(stored.override()).isEqualTo(ModeOverride.POLICY);
    assertThat(stored.error().orElse("")).startsWith("read mode " + state().resolve("mode"));
  }

  @Test
  void writeMode_cannotBeKept_throwsAndKeepsTheOld() throws Exception {
    Files.writeString(state(), "a file where the folder should be");

    assertThatThrownBy(() -> new ModeStore(state()).write(ModeOverride.OFF))
        .isInstanceOf(IOException.class);
  }

  @Test
  void endpointIds_kept_readByTheNextProcess() throws Exception {
    EndpointIds ids = EndpointIds.empty().assign(List.of("default/web", "cluster:all"));
    new EndpointIdStore(state()).write(ids);

    assertThat(new EndpointIdStore(state()).read())
        .isEqualTo(new StoredEndpointIds(ids, Optional.empty()));
  }

  @Test
  void endpointIds_nothingKept_empty() {
    assertThat(new EndpointIdStore(state()).read())
        .isEqualTo(new StoredEndpointIds(EndpointIds.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web 1", "0 web", "1023 web", "1 a\n1 b", "1"})
  void endpointIds_unreadable_emptyWithError(String text) throws Exception {
    Files.createDirectory(state());
    Files.writeString(state().resolve("endpoints"), text);

    StoredEndpointIds stored = new EndpointIdStore(state()).read();

    assertThat(stored.ids()).isEqualTo(EndpointIds.empty());
    assertThat(stored.error().orElse(""))
        .startsWith("read endpoint ids " + state().resolve("endpoints") + " failed: ")
        .endsWith("; giving new ids, counters start anew");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
