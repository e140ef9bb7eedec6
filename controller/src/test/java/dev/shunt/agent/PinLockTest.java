package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.cli.CannotRunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock works on any directory; a bpffs is one. */
class PinLockTest {
  @TempDir private Path directory;

  private Path pins() {
    return directory.resolve("shunt");
  }

  @Test
  void take_heldByAnother_refusedWithTheRemedy() {
    try (PinLock held = PinLock.take(pins())) {
      assertThat(held).hasToString(pins().toString());
      assertThatThrownBy(() -> PinLock.take(pins()))
          .isInstanceOf(CannotRunException.class)
          .hasMessageContaining("another node is running with this --pin-dir");
    }
  }

  @Test
  void take_afterTheOtherEnded_succeeds() {
    PinLock.take(pins()).close();

    PinLock again = PinLock.take(pins());

    assertThat(pins()).isDirectory();
    again.close();
  }

  @Test
  void take_namedByALink_isTheSameLock() throws IOException {
    Path link = directory.resolve("link");
    try (PinLock held = PinLock.take(pins())) {
      Files.createSymbolicLink(link, Path.of(held.toString()));
      assertThatThrownBy(() -> PinLock.take(link)).isInstanceOf(CannotRunException.class);
    }
  }

  @Test
  void take_directoryRemovedByItsHolder_locksTheNewOne() throws IOException {
    PinLock first = PinLock.take(pins());
    Files.delete(pins()); // as a drain does, before it lets go
    try (PinLock second = PinLock.take(pins())) {
      assertThat(second).isNotSameAs(first);
      assertThat(pins()).isDirectory();
    }
    first.close();
  }

  @Test
  void close_nothingPinned_leavesNoDirectory() {
    PinLock.take(pins()).close();

    assertThat(pins()).doesNotExist();
  }

  @Test
  void close_pinsLeftForTheNextNode_keepsThem() throws IOException {
    PinLock lock = PinLock.take(pins());
    Files.createDirectory(pins().resolve("v2"));

    lock.close();

    assertThat(pins().resolve("v2")).isDirectory();
  }
}
