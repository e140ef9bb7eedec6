package dev.shunt.datapath.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * An object file that this build carries. Immutable.
 *
 * @param resource on the class path, e.g. {@code /bpf/sockmap.bpf.o}
 */
record Image(String resource) {
  byte[] read() {
    try (InputStream in = Image.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource " + resource + " is missing from this build");
      }
      return in.readAllBytes();
    } catch (IOException failed) {
      throw new UncheckedIOException("read resource " + resource + " failed", failed);
    }
  }
}
