package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The BPF object of this build, not loaded yet.
 *
 * @param object open
 * @param build start of its SHA-256: two builds with the same programs are the same
 */
record Program(BpfObject object, String build) {
  private static final String OBJECT = "/bpf/sockmap.bpf.o";
  private static final int BUILD_DIGITS = 12;

  static Program open(Libbpf libbpf) {
    byte[] image = image();
    return new Program(libbpf.open("sockmap", image), digest(image));
  }

  private static byte[] image() {
    try (InputStream in = Program.class.getResourceAsStream(OBJECT)) {
      if (in == null) {
        throw new IllegalStateException("resource " + OBJECT + " is missing from this build");
      }
      return in.readAllBytes();
    } catch (IOException failed) {
      throw new UncheckedIOException("read resource " + OBJECT + " failed", failed);
    }
  }

  private static String digest(byte[] image) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(image);
      return HexFormat.of().formatHex(digest).substring(0, BUILD_DIGITS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible); // every JDK has it
    }
  }
}
