package dev.shunt.datapath.libbpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Compiles the BPF sources of {@code src/test/bpf} and makes keys and values for their maps. */
public final class TestObjects {
  private static final Path SOURCES = Path.of("src/test/bpf");
  private static final Path OUTPUT = Path.of("target/test-bpf");

  private TestObjects() {}

  /** The object file of {@code <name>.bpf.c}, made by clang for this call. */
  public static byte[] compile(String name) {
    try {
      Files.createDirectories(OUTPUT);
      Path object = Files.createTempFile(OUTPUT, name, ".o");
      String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
      run(
          List.of(
              "clang",
              "-g",
              "-O2",
              "-Wall",
              "-Werror",
              "-target",
              "bpf",
              "-idirafter",
              "/usr/include/" + machine + "-linux-gnu",
              "-c",
              SOURCES.resolve(name + ".bpf.c").toString(),
              "-o",
              object.toString()));
      byte[] elf = Files.readAllBytes(object);
      Files.delete(object);
      return elf;
    } catch (IOException e) {
      throw new IllegalStateException("compile " + name, e);
    }
  }

  /** Runs a command to its end, in the calling thread's network namespace. */
  public static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output;
      try (InputStream stdout = process.getInputStream()) {
        output = new String(stdout.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      }
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(command.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(command.toString(), e);
    }
  }

  /** A buffer of ints in host byte order. */
  public static ByteBuffer ints(int... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.nativeOrder());
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.flip();
  }

  /** A buffer of longs in host byte order. */
  public static ByteBuffer longs(long... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
    for (long value : values) {
      buffer.putLong(value);
    }
    return buffer.flip();
  }
}
