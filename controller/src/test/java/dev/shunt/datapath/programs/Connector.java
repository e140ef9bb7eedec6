package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.libbpf.TestObjects;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A process of {@code ../e2e/guest/try-connect.c}. One thread; closing ends it. */
public final class Connector implements AutoCloseable {
  public static final int EPERM = 1;

  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  private Connector(Process process) {
    this.process = process;
    in = process.outputWriter(StandardCharsets.UTF_8);
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Compiles the program to a path. */
  public static Path compile(Path at) {
    TestObjects.run(
        List.of("clang", "-O2", "-Wall", "-o", at.toString(), "../e2e/guest/try-connect.c"));
    return at;
  }

  /** Starts an executable in a network namespace and moves it to a cgroup. */
  public static Connector start(TestNetns netns, Path cgroup, Path executable) {
    Process process =
        netns.call(
            () -> new ProcessBuilder(executable.toString()).redirectErrorStream(true).start());
    Connector connector = new Connector(process);
    try {
      Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(process.pid()));
    } catch (IOException failed) {
      connector.close();
      throw new UncheckedIOException(failed);
    }
    return connector;
  }

  /** The errno of a try; 0: it went through. A refused TCP connection is 111 or 115, not 1. */
  public int attempt(String how, String address, int port) {
    try {
      in.write(how + " " + address + " " + port + "\n");
      in.flush();
      return Integer.parseInt(String.valueOf(out.readLine()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public boolean isDenied(String how, String address, int port) {
    return attempt(how, address, port) == EPERM;
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
