package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.maps.ConnectMaps;
import dev.shunt.datapath.programs.ConnectDatapath.Rung;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The programs about connections in the kernel, on pinned maps, not attached yet.
 *
 * @param pins where
 * @param object loaded; closed by whoever loaded it
 */
record ConnectImage(PinDirectory pins, BpfObject object) {
  /** What the pin directory's name begins with. */
  static final String FAMILY = "connect-v";

  /** The program that needs an LSM hook. */
  static final String LSM_PROGRAM = "lsm_connect";

  private static final String OBJECT = "/bpf/connect.bpf.o";

  /** Loads them, with the LSM program or without it. */
  static ConnectImage load(Libbpf libbpf, Path base, Rung rung) {
    BpfObject object = libbpf.open("connect", read());
    try {
      Long layout =
          object.btf().enumerators("connect_layout_version").get("CONNECT_LAYOUT_VERSION");
      if (layout == null) {
        throw new IllegalStateException("resource " + OBJECT + " has no layout version");
      }
      PinDirectory pins = new PinDirectory(base, FAMILY, layout.intValue());
      pins.create();
      ConnectMaps.NAMES.forEach(name -> object.setPinPath(name, pins.map(name)));
      if (rung == Rung.LSM) {
        object.selectProgram(LSM_PROGRAM);
      }
      object.load();
      return new ConnectImage(pins, object);
    } catch (RuntimeException failed) {
      object.close();
      throw failed;
    }
  }

  /** Loads them on maps of their own, without the LSM program; closed by the caller. */
  static BpfObject loadUnpinned(Libbpf libbpf) {
    BpfObject object = libbpf.open("connect", read());
    try {
      object.load();
      return object;
    } catch (RuntimeException failed) {
      object.close();
      throw failed;
    }
  }

  private static byte[] read() {
    try (InputStream in = ConnectImage.class.getResourceAsStream(OBJECT)) {
      if (in == null) {
        throw new IllegalStateException("resource " + OBJECT + " is missing from this build");
      }
      return in.readAllBytes();
    } catch (IOException failed) {
      throw new UncheckedIOException("read resource " + OBJECT + " failed", failed);
    }
  }
}
