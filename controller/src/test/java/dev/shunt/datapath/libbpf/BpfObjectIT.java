package dev.shunt.datapath.libbpf;

import static dev.shunt.datapath.libbpf.TestObjects.ints;
import static dev.shunt.datapath.libbpf.TestObjects.longs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BpfObjectIT {
  private static final byte[] BASIC = TestObjects.compile("basic");
  private static final Libbpf LIBBPF = new Libbpf();

  private final Path pins =
      Linux.mountOf("bpf").orElseThrow().resolve("libbpf-" + ProcessHandle.current().pid());

  @BeforeEach
  void makePins() throws IOException {
    Files.createDirectories(pins);
  }

  @AfterEach
  void removePins() throws IOException {
    try (var files = Files.list(pins)) {
      for (Path pin : files.toList()) {
        Files.delete(pin);
      }
    }
    Files.delete(pins);
  }

  @Test
  void load_goodObject_givesProgramsAndMaps() {
    try (BpfObject object = LIBBPF.open("basic", BASIC)) {
      object.load();
      assertThat(object.programNames()).contains("on_packet", "on_message");
      assertThat(object.mapNames()).contains("table", "sockets");
      assertThat(object.program("on_packet").id()).isPositive();
      assertThat(object.program("on_packet").verifiedInstructions()).isPositive();
      assertThat(object.map("table").shape().keySize()).isEqualTo(8);
      assertThat(LIBBPF.programs())
          .contains(new LoadedProgram(object.program("on_message").id(), "sk_msg", "on_message"));
      assertThat(LIBBPF.maps())
          .contains(new LoadedMap(object.map("sockets").shape().id(), "sockhash", "sockets"));
    }
  }

  @Test
  void load_refusedProgram_carriesTheVerifierLog() {
    try (BpfObject object = LIBBPF.open("refused", TestObjects.compile("refused"))) {
      BpfException refusal = catchThrowableOfType(BpfException.class, object::load);
      assertThat(refusal.errnoName()).isEqualTo("EACCES");
      assertThat(refusal.log())
          .contains("R0 invalid mem access 'map_value_or_null'")
          .contains("processed");
      assertThat(refusal).hasMessageStartingWith("load object refused failed: access denied");
    }
  }

  @Test
  void open_notAnObject_isRefused() {
    assertThatThrownBy(() -> LIBBPF.open("junk", new byte[64]))
        .isInstanceOf(BpfException.class)
        .hasMessageStartingWith("open object junk failed: ");
  }

  @Test
  void setGlobal_beforeLoad_isSeenInTheSection() {
    try (BpfObject object = LIBBPF.open("basic", BASIC)) {
      object.setGlobal("start", longs(4711));
      object.setGlobal("packets", longs(5));
      object.load();
      Btf.Variable start = object.btf().variable("start");
      assertThat(object.map(".rodata").lookup(ints(0)).orElseThrow().getLong(start.offset()))
          .isEqualTo(4711);
      Btf.Variable packets = object.btf().variable("packets");
      try (MappedMemory bss = object.map(".bss").mmap()) {
        assertThat(bss.buffer().getLong(packets.offset())).isEqualTo(5);
      }
    }
  }

  @Test
  void setGlobal_wrongSize_isRefused() {
    try (BpfObject object = LIBBPF.open("basic", BASIC)) {
      assertThatThrownBy(() -> object.setGlobal("step", longs(1)))
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("EINVAL");
      assertThatThrownBy(() -> object.setInitialValue(".rodata", 4096, ints(1)))
          .isInstanceOf(BpfException.class);
    }
  }

  @Test
  void skipProgram_beforeLoad_isNotLoaded() {
    try (BpfObject object = LIBBPF.open("basic", BASIC)) {
      object.skipProgram("on_splice");
      object.setMaxEntries("table", 16);
      object.load();
      assertThatThrownBy(() -> object.program("on_splice")).isInstanceOf(BpfException.class);
      assertThat(object.map("table").shape().maxEntries()).isEqualTo(16);
      assertThatThrownBy(() -> object.map("absent")).hasMessageContaining("ENOENT");
    }
  }

  @Test
  void setPinPath_secondLoad_sharesTheMap() {
    Path pin = pins.resolve("table");
    try (BpfObject first = LIBBPF.open("first", BASIC)) {
      first.setPinPath("table", pin);
      first.load();
      first.map("table").update(ints(1, 0), longs(11, 0));
    }
    try (BpfObject second = LIBBPF.open("second", BASIC);
        BpfMap pinned = LIBBPF.openMap(pin).orElseThrow()) {
      second.setPinPath("table", pin);
      second.load();
      assertThat(second.map("table").lookup(ints(1, 0)).orElseThrow().getLong(0)).isEqualTo(11);
      assertThat(pinned.shape()).isEqualTo(second.map("table").shape());
    }
  }

  @Test
  void reuse_loadedMap_isShared() {
    try (BpfObject first = LIBBPF.open("first", BASIC);
        BpfObject second = LIBBPF.open("second", BASIC)) {
      first.load();
      second.reuse("table", first.map("table"));
      second.load();
      assertThat(second.map("table").shape().id()).isEqualTo(first.map("table").shape().id());
    }
  }

  @Test
  void openPins_afterClose_findProgramOrNothing() {
    try (BpfObject object = LIBBPF.open("basic", BASIC)) {
      object.load();
      object.program("on_packet").pin(pins.resolve("program"));
      object.map("table").pin(pins.resolve("map"));
    }
    try (BpfProgram program = LIBBPF.openProgram(pins.resolve("program")).orElseThrow();
        BpfMap map = LIBBPF.openMap(pins.resolve("map")).orElseThrow()) {
      assertThat(program.id()).isPositive();
      assertThat(map.shape().name()).isEqualTo("table");
    }
    assertThat(LIBBPF.openMap(pins.resolve("absent"))).isEmpty();
    assertThat(LIBBPF.openProgram(pins.resolve("absent"))).isEmpty();
    assertThat(LIBBPF.openLink(pins.resolve("absent"))).isEmpty();
  }

  @Test
  void close_twice_isHarmless() {
    BpfObject object = LIBBPF.open("basic", BASIC);
    object.load();
    BpfMap map = object.map("table");
    object.close();
    object.close();
    map.close();
    assertThatThrownBy(() -> map.lookup(ints(1, 0))).isInstanceOf(IllegalStateException.class);
  }
}
