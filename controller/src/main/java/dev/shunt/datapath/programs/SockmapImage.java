package dev.shunt.datapath.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The object file of the sockmap programs, which this build carries. Stateless. */
final class SockmapImage {
  private static final String OBJECT = "/bpf/sockmap.bpf.o";

  private SockmapImage() {}

  static byte[] read() {
    try (InputStream in = SockmapImage.class.getResourceAsStream(OBJECT)) {
      if (in == null) {
        throw new IllegalStateException("resource " + OBJECT + " is missing from this build");
      }
      return in.readAllBytes();
    } catch (IOException failed) {
      throw new UncheckedIOException("read resource " + OBJECT + " failed", failed);
    }
  }
}
