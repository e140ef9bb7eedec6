package dev.shunt.agent;

import dev.shunt.cli.CannotRunException;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Linux;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Held by the node that uses a pin directory: a second one would take over its programs and, when
 * it stops, detach them. Locks the directory itself, so nothing is left when the process is killed.
 *
 * <p>One thread. Close it after the last use of the pins.
 */
final class PinLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PinLock.class);
  private static final int TRIES = 3;

  private final Path pins;
  private final Fd directory;

  private PinLock(Path pins, Fd directory) {
    this.pins = pins;
    this.directory = directory;
  }

  /**
   * Makes the directory if it is not there and locks it.
   *
   * @param pins on a bpffs
   * @throws CannotRunException another node holds it
   */
  static PinLock take(Path pins) {
    try {
      for (int attempt = 0; attempt < TRIES; attempt++) {
        make(pins);
        Fd directory = Linux.open(pins);
        if (!Linux.lock(directory)) {
          directory.close();
          break;
        }
        if (Files.exists(pins) && Files.isSameFile(open(directory), pins)) {
          return new PinLock(pins, directory);
        }
        directory.close(); // a node that stopped has removed this one meanwhile
      }
    } catch (IOException failed) {
      throw new CannotRunException(
          "make pin directory " + pins + " failed: " + failed.getMessage(), failed);
    }
    throw new CannotRunException(
        "lock "
            + pins
            + " failed: another node is running with this --pin-dir; stop it first, or choose"
            + " another");
  }

  private static Path open(Fd directory) {
    return Path.of("/proc/self/fd", Integer.toString(directory.number()));
  }

  private static void make(Path pins) throws IOException {
    if (!Files.isDirectory(pins)) {
      Files.createDirectories(pins);
      Files.setAttribute(pins, "unix:mode", 0700);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(pins);
    } catch (DirectoryNotEmptyException kept) {
      LOG.debug("{} keeps its pins", pins);
    } catch (IOException failed) {
      LOG.warn("remove {} failed: {}; an empty directory stays", pins, failed.getMessage());
    } finally {
      directory.close();
    }
  }

  @Override
  public String toString() {
    return pins.toString();
  }
}
