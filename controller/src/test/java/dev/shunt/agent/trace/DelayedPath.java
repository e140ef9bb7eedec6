package dev.shunt.agent.trace;

import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.libbpf.TestObjects;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Addresses in a network namespace that are a known time away: a connection to one comes back to
 * the namespace's own listener. Closing ends it.
 */
final class DelayedPath implements AutoCloseable {
  static final String IPV4 = "10.9.0.2";
  static final String IPV6 = "fd09::2";

  private static final String PROGRAM = "src/test/resources/dev/shunt/agent/trace/delayed_path.py";

  private final Process process;

  private DelayedPath(Process process) {
    this.process = process;
  }

  static DelayedPath open(TestNetns netns, Duration delay) {
    Process process =
        netns.call(
            () ->
                new ProcessBuilder("python3", PROGRAM, "far", Long.toString(delay.toMillis()))
                    .redirectErrorStream(true)
                    .start());
    DelayedPath path = new DelayedPath(process);
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = out.readLine();
      if (!"ready".equals(line)) {
        throw new IllegalStateException("delayed path: " + line);
      }
      ip(netns, "address", "add", "10.9.0.1/24", "dev", "far");
      ip(netns, "address", "add", "fd09::1/64", "dev", "far", "nodad");
      ip(netns, "link", "set", "far", "up");
      return path;
    } catch (IOException failed) {
      path.close();
      throw new UncheckedIOException(failed);
    } catch (RuntimeException failed) {
      path.close();
      throw failed;
    }
  }

  private static void ip(TestNetns netns, String... words) {
    List<String> argv = new ArrayList<>(List.of("ip"));
    argv.addAll(List.of(words));
    netns.call(() -> TestObjects.run(argv));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
