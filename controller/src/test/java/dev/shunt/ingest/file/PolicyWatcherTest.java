package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyWatcherTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration OFTEN = Duration.ofMillis(20);
  private static final long TIMEOUT_SECONDS = 10;

  @TempDir Path parent;

  private final BlockingQueue<PolicySet> published = new LinkedBlockingQueue<>();

  @Test
  void watch_fileWritten_publishedByEventAlone() throws Exception {
    Files.createDirectory(directory());
    try (PolicyWatcher watcher = start(NEVER)) {
      assertThat(watcher).isNotNull();
      awaitRegistered();

      write("web");

      assertThat(names(next())).containsExactly("default/web");
    }
  }

  @Test
  void watch_directoryAppears_publishedByRescan() throws Exception {
    try (PolicyWatcher watcher = start(OFTEN)) {
      assertThat(watcher).isNotNull();
      Files.createDirectory(directory());
      write("web");
      assertThat(names(next())).containsExactly("default/web");

      Files.delete(directory().resolve("a.yaml"));
      assertThat(next().policies()).isEmpty();
    }
  }

  @Test
  void watch_listenerThrows_goesOn() throws Exception {
    Files.createDirectory(directory());
    PolicyDirectory policies = new PolicyDirectory(directory());
    try (PolicyWatcher watcher =
        PolicyWatcher.start(
            policies,
            policies.load(),
            set -> {
              published.add(set);
              throw new IllegalStateException("test: the listener fails");
            },
            OFTEN)) {
      assertThat(watcher).isNotNull();
      write("web");
      assertThat(names(next())).containsExactly("default/web");
      write("api");
      assertThat(names(next())).containsExactly("default/api");
    }
  }

  @Test
  void watch_closed_threadEnds() throws Exception {
    Files.createDirectory(directory());
    PolicyWatcher watcher = start(OFTEN);
    watcher.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.isAlive() && thread.getName().equals("policy-watcher"));
  }

  /** Events count from registration on; a first file that is published proves it. */
  private void awaitRegistered() throws Exception {
    write("first");
    assertThat(names(next())).containsExactly("default/first");
  }

  private PolicyWatcher start(Duration rescan) {
    PolicyDirectory policies = new PolicyDirectory(directory());
    return PolicyWatcher.start(policies, policies.load(), published::add, rescan);
  }

  private PolicySet next() throws InterruptedException {
    PolicySet set = published.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    assertThat(set).as("published within %d s", TIMEOUT_SECONDS).isNotNull();
    return set;
  }

  private Path directory() {
    return parent.resolve("policies");
  }

  private static List<String> names(PolicySet set) {
    return set.policies().stream().map(policy -> policy.name().endpointName()).toList();
  }

  /** As an editor does: a new file that replaces the old one. */
  private void write(String name) throws IOException {
    Path fresh = parent.resolve("fresh");
    Files.writeString(
        fresh,
        "apiVersion: shunt.dev/v1alpha1\nkind: Acceleration\nmetadata: {name: "
            + name
            + "}\nspec: {}\n");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(fresh, directory().resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }
}
