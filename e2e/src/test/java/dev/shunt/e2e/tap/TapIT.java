package dev.shunt.e2e.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.layout.NodeConfigLayout;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.e2e.explain.ExplainedHost;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code shunt tap} on accelerated HTTP connections, as tshark reads what it writes. */
class TapIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int CONNECTIONS = 16;
  private static final int REQUESTS = 3;

  /** Several pages and less than the snap length. */
  private static final int LARGE = 200_000;

  /** More than all bodies together: a reader on a busy machine loses nothing. */
  private static final int ROOM_FOR_ALL = 64 << 20;

  private static final Pattern LOST = Pattern.compile("of which (\\d+) lost");
  private static final Pattern BODY = Pattern.compile("(?:get|post)-(\\d+)-(\\d+).*");

  private static ExplainedHost host;
  private static SceneProcess traffic;
  private static int runs;

  @BeforeAll
  static void startTraffic() throws IOException {
    host = ExplainedHost.start("mode: accelerate");
    Path program = host.directory().resolve("traffic.py");
    try (InputStream source = TapIT.class.getResourceAsStream("traffic.py")) {
      Files.copy(Objects.requireNonNull(source), program);
    }
    traffic = host.startPython(program, List.of(go().toString(), Integer.toString(CONNECTIONS)));
    Await.until(() -> !traffic.isAlive() || traffic.log().contains("ready"), LIMIT);
    assertThat(traffic.log()).startsWith("ready");
  }

  @AfterAll
  static void close() {
    if (host != null) {
      host.close();
    }
  }

  private static Path go() {
    return host.directory().resolve("go");
  }

  /** A get and a post of so many bytes on each connection, several times. */
  private static void exchange(int bytes) throws IOException {
    Path next = host.directory().resolve("go.next");
    Files.writeString(next, REQUESTS + " " + bytes);
    Files.move(next, go());
    assertThat(Await.until(() -> !Files.exists(go()) || !traffic.isAlive(), LIMIT)).isTrue();
    assertThat(traffic.isAlive()).as(traffic::log).isTrue();
  }

  /** Opens a tap into a file and waits until it is open. */
  private static SceneProcess open(Path file, String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "-w";
    all[1] = file.toString();
    System.arraycopy(options, 0, all, 2, options.length);
    SceneProcess tap = host.watch("tap", all);
    Await.until(() -> !tap.isAlive() || errors().contains("tap is open"), LIMIT);
    assertThat(errors()).contains("tap is open");
    return tap;
  }

  private static String errors() {
    try {
      Path file = host.directory().resolve("tap.err");
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static Path file() {
    return host.directory().resolve("tap" + ++runs + ".pcapng");
  }

  /** What the exchange sends: a request and a response, of a get and of a post. */
  private static int messages() {
    return CONNECTIONS * REQUESTS * 2;
  }

  private static boolean isTapped() {
    Path config =
        host.pins().resolve("v" + PinDirectory.LAYOUT_VERSION).resolve("maps").resolve("config");
    try (BpfMap map = new Libbpf().openMap(config).orElseThrow()) {
      ByteBuffer row = map.lookup(ByteBuffer.allocate(Integer.BYTES)).orElseThrow();
      return row.getInt(NodeConfigLayout.LAYOUT.offset("tapped")) != 0;
    }
  }

  private static void assertBodies(List<Path> bodies, int bytes) throws IOException {
    for (Path body : bodies) {
      Matcher name = BODY.matcher(body.getFileName().toString());
      assertThat(name.matches()).as(body.toString()).isTrue();
      assertThat(name.group(2)).isEqualTo(Integer.toString(bytes));
      String unit = "%08d".formatted(Integer.parseInt(name.group(1)));
      byte[] expected =
          unit.repeat(bytes / unit.length() + 1)
              .substring(0, bytes)
              .getBytes(StandardCharsets.US_ASCII);
      assertThat(Files.readAllBytes(body)).isEqualTo(expected);
    }
  }

  @Test
  void http_keepAlive_tsharkDissectsEveryRequestAndBody() throws IOException {
    Path file = file();
    SceneProcess tap = open(file, "--buffer", Integer.toString(ROOM_FOR_ALL));
    exchange(LARGE);
    Tshark tshark = new Tshark(file);
    Await.until(() -> count(tshark, "http.response") >= messages(), LIMIT);
    tap.close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(tshark.packets("http.request", "http.request.uri")).hasSize(messages());
    assertThat(tshark.packets("http.response", "http.response.code"))
        .hasSize(messages())
        .containsOnly("200");
    String gaps = "tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment";
    assertThat(tshark.packets(gaps, "frame.number")).isEmpty();
    assertThat(
            tshark.packets("tcp.checksum.status != 1 || ip.checksum.status != 1", "frame.number"))
        .isEmpty();
    List<Path> bodies = tshark.bodies(host.directory().resolve("bodies"));
    assertThat(bodies).hasSize(messages() + messages() / 2);
    assertBodies(bodies, LARGE);
    assertThat(isTapped()).as("with no tap open").isFalse();
    assertThat(errors()).contains("0 lost").doesNotContain("00000000");
  }

  private static int count(Tshark tshark, String filter) {
    return tshark.packetsSoFar(filter, "frame.number").size();
  }

  private static long payload(Tshark tshark) {
    return tshark.packetsSoFar("tcp.len > 0", "tcp.len").stream().mapToLong(Long::parseLong).sum();
  }

  @Test
  void snapLength_largeBodies_cutAndKeepTheirLength() throws IOException {
    Path file = file();
    SceneProcess tap = open(file, "--snaplen", "100");
    exchange(LARGE);
    Tshark tshark = new Tshark(file);
    long sent = (long) (messages() + messages() / 2) * LARGE;
    Await.until(() -> payload(tshark) > sent, LIMIT);
    tap.close();

    assertThat(payload(tshark)).isGreaterThan(sent);
    assertThat(tshark.packets("frame.cap_len > 140", "frame.number")).isEmpty();
    assertThat(tshark.packets("tcp.analysis.lost_segment", "frame.number")).isEmpty();
  }

  @Test
  void sample_someConnections_areShownWholeAndTheOthersCounted() throws IOException {
    Path file = file();
    SceneProcess tap = open(file, "--sample", "1/2");
    exchange(1000);
    Tshark tshark = new Tshark(file);
    String begins = "tcp.flags.syn == 1 && tcp.flags.ack == 0";
    Await.until(
        () -> {
          int connections = count(tshark, begins);
          return connections > 0
              && count(tshark, "http.response") == connections * REQUESTS * 2
              && tshark.packetsSoFar("http.request.uri contains \"post-2-\"", "frame.number").size()
                  == connections;
        },
        LIMIT);
    tap.close();

    int connections = count(tshark, begins);
    assertThat(connections).isBetween(1, CONNECTIONS - 1);
    assertThat(tshark.packets("http.response", "frame.number")).hasSize(connections * REQUESTS * 2);
  }

  @Test
  void duration_over_endsAndSums() throws IOException {
    Path file = file();
    SceneProcess tap = open(file, "--sample", "1/2", "--duration", "2");
    exchange(100);

    assertThat(tap.awaitExit(LIMIT)).isZero();
    assertThat(tap.log()).contains("\"messages\"", "\"sampled_out\"", file.toString());
    assertThat(isTapped()).isFalse();
  }

  @Test
  void reader_tooSlow_lossIsShownAndTrafficGoesOn() throws IOException {
    Path pipe = file();
    Path copy = file();
    Path read = host.directory().resolve("read-now");
    Path log = host.directory().resolve("reader.log");
    SceneProcess.start("mkfifo", List.of("mkfifo", pipe.toString()), log).awaitExit(LIMIT);
    String wait = "exec 9<'%s'; until [ -e '%s' ]; do sleep 0.05; done; cat <&9 >'%s'";
    try (SceneProcess reader =
        SceneProcess.start("reader", List.of("sh", "-c", wait.formatted(pipe, read, copy)), log)) {
      SceneProcess tap = open(pipe, "--buffer", "65536");
      exchange(LARGE);
      Files.createFile(read);
      Await.until(() -> Files.exists(copy) && count(new Tshark(copy), "frame") > 0, LIMIT);
      exchange(100); // a later message tells what was lost before it
      Await.until(() -> count(new Tshark(copy), "frame.drop_count") > 0, LIMIT);
      tap.close();
      reader.awaitExit(LIMIT);
    }

    Matcher lost = LOST.matcher(errors());
    assertThat(lost.find()).as(TapIT::errors).isTrue();
    long dropped =
        new Tshark(copy)
            .packets("frame.drop_count", "frame.drop_count").stream()
                .mapToLong(Long::parseLong)
                .sum();
    assertThat(dropped).isBetween(1L, Long.parseLong(lost.group(1)));
  }

  @Test
  void client_killed_leavesTheProgramsUntapped() throws IOException {
    SceneProcess tap = open(file());
    assertThat(isTapped()).isTrue();

    ProcessHandle.of(tap.pid()).ifPresent(ProcessHandle::destroyForcibly);

    assertThat(Await.until(() -> !isTapped(), LIMIT)).isTrue();
    exchange(100);
  }
}
