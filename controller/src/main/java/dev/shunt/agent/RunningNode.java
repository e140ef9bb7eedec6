package dev.shunt.agent;

import dev.shunt.cli.CannotRunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The process that holds the lock of a pin directory. One thread.
 *
 * @param pid in this process's pid namespace
 */
record RunningNode(long pid) {
  private static final Path LOCKS = Path.of("/proc/locks");

  /** Longer than {@link StopSignal} gives a stop. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private static final int FIELDS_MIN = 6;
  private static final int PID = 4;
  private static final int INODE = 5;

  /** The node that uses these pins; empty when none does. */
  static Optional<RunningNode> find(Path pins) {
    if (!Files.isDirectory(pins)) {
      return Optional.empty();
    }
    try {
      String wanted = inode(pins);
      return Files.readAllLines(LOCKS).stream()
          .flatMap(line -> holder(line, wanted).stream())
          .findFirst()
          .map(RunningNode::new);
    } catch (IOException unreadable) {
      throw new CannotRunException(
          "read " + LOCKS + " failed: " + unreadable.getMessage() + "; nothing was removed",
          unreadable);
    }
  }

  /** Major and minor number in hex and the inode, as fs/locks.c (6.18) prints them. */
  private static String inode(Path pins) throws IOException {
    long device = (Long) Files.getAttribute(pins, "unix:dev");
    long major = (device >> 8) & 0xfff;
    long minor = (device & 0xff) | ((device >> 12) & 0xfff00);
    return "%02x:%02x:%d".formatted(major, minor, (Long) Files.getAttribute(pins, "unix:ino"));
  }

  /** {@code 1: FLOCK ADVISORY WRITE 812 00:1d:4711 0 EOF}; a waiting one has an arrow more. */
  static Optional<Long> holder(String line, String inode) {
    List<String> fields = List.of(line.trim().split("\\s+"));
    boolean holds =
        fields.size() >= FIELDS_MIN
            && fields.get(1).equals("FLOCK")
            && fields.get(INODE).equals(inode);
    return holds ? Optional.of(Long.parseLong(fields.get(PID))) : Optional.empty();
  }

  /**
   * Asks it to stop as SIGTERM does, and waits until it has.
   *
   * @throws CannotRunException it cannot be asked, or it goes on
   */
  void stop() {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow(this::unreachable);
    if (!process.destroy()) {
      throw unreachable();
    }
    try {
      process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException late) {
      throw new CannotRunException(
          "stop node (process %d) failed: it still runs after %d s; nothing was removed"
              .formatted(pid, PATIENCE.toSeconds()),
          late);
    }
  }

  private CannotRunException unreachable() {
    return new CannotRunException(
        "stop node (process %d) failed: this user or container cannot reach it; stop it, then run"
                .formatted(pid)
            + " 'shunt uninstall' again");
  }
}
