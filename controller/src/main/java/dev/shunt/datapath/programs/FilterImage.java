package dev.shunt.datapath.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The object files of the packet filters, which this build carries. Stateless. */
final class FilterImage {
  private FilterImage() {}

  /** {@code xdp} or {@code tc}. */
  static byte[] read(String hook) {
    String resource = "/bpf/" + hook + ".bpf.o";
    try (InputStream in = FilterImage.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource " + resource + " is missing from this build");
      }
      return in.readAllBytes();
    } catch (IOException failed) {
      throw new UncheckedIOException("read resource " + resource + " failed", failed);
    }
  }
}
