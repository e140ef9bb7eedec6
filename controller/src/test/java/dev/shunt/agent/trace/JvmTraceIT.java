package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.HeapCollection;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pauses of real JVMs, against what they log themselves. */
class JvmTraceIT {
  private static final Path SOURCES = Path.of("src/test/resources/dev/shunt/agent/trace");

  /** The JVM's clock may be preempted between its own measurement and the probe. */
  private static final double SLACK_MILLIS = 2;

  private static final long SLACK_BYTES = 4 << 20;

  @TempDir private Path home;

  private final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);
  private final List<TalkingProcess> processes = new ArrayList<>();
  private GcLog log;

  @BeforeEach
  void open() {
    log = new GcLog(home.resolve("gc.log"));
  }

  @AfterEach
  void close() {
    processes.forEach(TalkingProcess::close);
    bed.close();
  }

  /** It works once for each byte that it is told. */
  private TalkingProcess churn(String collector) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path source = Files.copy(SOURCES.resolve("Churn.java"), home.resolve("Churn.java"));
    TalkingProcess jvm =
        new TalkingProcess(
            List.of(
                java,
                "-XX:+Use" + collector,
                "-XX:InitiatingHeapOccupancyPercent=20",
                "-Xmx64m",
                log.option(),
                source.toString()));
    processes.add(jvm);
    return jvm;
  }

  private CollectingSink read(int pid) {
    return bed.read(TraceModule.JVM, new TraceQuery.Filter(0, pid, "", ""), Duration.ZERO);
  }

  private static List<TraceEvent.Collection> pauses(CollectingSink sink) {
    return sink.all(TraceEvent.Collection.class).stream()
        .filter(each -> each.collection().kind() != HeapCollection.Kind.CYCLE)
        .toList();
  }

  private static boolean isAlike(GcLog.Pause logged, TraceEvent.Collection told) {
    return Math.abs(told.duration().toNanos() / 1e6 - logged.millis()) < SLACK_MILLIS;
  }

  @ParameterizedTest
  @ValueSource(strings = {"SerialGC", "G1GC"})
  void collections_ofACollector_areThoseOfTheLog(String collector) throws IOException {
    TalkingProcess jvm = churn(collector);
    jvm.expect("ready");
    int before = log.pauses().size();
    CollectingSink sink = read(jvm.pid());
    jvm.say("");
    jvm.expect("done");
    Await.until("every pause", () -> pauses(sink).size() >= log.pauses().size() - before);

    List<GcLog.Pause> logged = log.pauses().subList(before, log.pauses().size());
    List<TraceEvent.Collection> told = pauses(sink);
    assertThat(told).as("of %s", logged).hasSameSizeAs(logged).hasSizeGreaterThan(5);
    int alike = 0;
    for (int i = 0; i < told.size(); i++) {
      HeapCollection collection = told.get(i).collection();
      alike += isAlike(logged.get(i), told.get(i)) ? 1 : 0;
      if (!collection.collector().isEmpty()) {
        assertThat(Math.abs(collection.heapBefore() - (logged.get(i).beforeMib() << 20)))
            .as("%s and %s", collection, logged.get(i))
            .isLessThan(SLACK_BYTES);
        assertThat(Math.abs(collection.heapAfter() - (logged.get(i).afterMib() << 20)))
            .as("%s and %s", collection, logged.get(i))
            .isLessThan(SLACK_BYTES);
      }
    }
    assertThat(alike).as("%s and %s", told, logged).isGreaterThan(told.size() * 3 / 4);
    assertThat(told)
        .allMatch(each -> each.actor().equals(new TraceEvent.Actor(jvm.pid(), "java")))
        .anyMatch(each -> each.collection().kind() == HeapCollection.Kind.FULL_PAUSE);
    assertThat(sink.lastTotals().lost()).isZero();
  }

  /** The young generation first, then all. */
  @Test
  void pause_fullWithTwoCollections_isFullInBothRows() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path source = home.resolve("Full.java");
    Files.writeString(
        source,
        """
        class Full {
          public static void main(String[] arguments) throws Exception {
            System.out.println("ready");
            System.in.read();
            System.gc();
            System.out.println("done");
            System.in.read();
          }
        }
        """);
    TalkingProcess jvm =
        new TalkingProcess(
            List.of(java, "-XX:+UseSerialGC", "-XX:+ScavengeBeforeFullGC", source.toString()));
    processes.add(jvm);
    jvm.expect("ready");
    CollectingSink sink = read(jvm.pid());
    jvm.say("");
    jvm.expect("done");
    Await.until("both", () -> pauses(sink).size() > 1);

    assertThat(pauses(sink))
        .extracting(each -> each.collection().kind())
        .containsExactly(HeapCollection.Kind.FULL_PAUSE, HeapCollection.Kind.FULL_PAUSE);
    assertThat(pauses(sink))
        .extracting(each -> each.collection().collector())
        .containsExactly("Copy", "MarkSweepCompact");
  }

  @Test
  void jvm_thatStartsMeanwhile_isFound() throws IOException {
    CollectingSink sink = read(0);
    TalkingProcess jvm = churn("SerialGC");
    jvm.expect("ready");
    Await.until(
        "its collections",
        () -> {
          jvm.say("");
          jvm.expect("done");
          return pauses(sink).stream().anyMatch(each -> each.actor().pid() == jvm.pid());
        });
    assertThat(sink.await(TraceEvent.Notice.class, notice -> true).text())
        .matches("JVMs that are watched: [1-9].*");
  }

  @Test
  void jvm_withoutProbes_isCalledByItsName() throws IOException {
    Path library = home.resolve("libjvm.so");
    Path source = home.resolve("empty.c");
    Files.writeString(source, "int nothing;\n");
    TestObjects.run(List.of("gcc", "-shared", "-o", library.toString(), source.toString()));
    TalkingProcess other =
        new TalkingProcess(
            List.of(
                "python3",
                "-uc",
                "import ctypes; ctypes.CDLL('%s'); print('ready'); input()".formatted(library)));
    processes.add(other);
    other.expect("ready");

    CollectingSink sink = read(0);
    assertThat(
            sink.await(TraceEvent.Notice.class, notice -> notice.text().contains("failed")).text())
        .startsWith(
            "attach hotspot:gc__begin of process %d (%s) failed: ".formatted(other.pid(), library))
        .endsWith("(a JVM needs to be built with --enable-dtrace)");
    assertThatThrownBy(() -> read(other.pid()))
        .isInstanceOf(TraceRefusedException.class)
        .hasMessageContaining("its collections are not seen");
  }

  @Test
  void process_withoutAJvm_isRefused() {
    TalkingProcess other = new TalkingProcess(List.of("cat"));
    processes.add(other);

    assertThatThrownBy(() -> read(other.pid()))
        .isInstanceOf(TraceRefusedException.class)
        .hasMessage(
            "find a JVM (libjvm.so) in process %d failed: it has none mapped"
                .formatted(other.pid()));
    assertThat(TraceBed.attached()).isEmpty();
  }

  @Test
  void port_ofAJvm_isRefused() {
    assertThatThrownBy(
            () -> bed.read(TraceModule.JVM, new TraceQuery.Filter(80, 0, "", ""), Duration.ZERO))
        .isInstanceOf(TraceRefusedException.class)
        .hasMessage("port: 80 (expected: 0 for jvm, code has no port)");
  }
}
