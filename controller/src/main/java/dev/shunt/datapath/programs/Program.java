package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The BPF object of this build, not loaded yet.
 *
 * @param object open
 * @param sweep how it meets sockets on this kernel; selected
 * @param build start of its SHA-256: two builds with the same programs are the same
 */
record Program(BpfObject object, SweepHook sweep, String build) {
  private static final int BUILD_DIGITS = 12;

  static Program open(Libbpf libbpf) {
    byte[] image = new Image("/bpf/sockmap.bpf.o").read();
    SweepHook sweep = SweepHook.find(libbpf, image);
    BpfObject object = libbpf.open("sockmap", image);
    sweep.select(object);
    return new Program(object, sweep, digest(image));
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
