package dev.shunt.e2e.bench.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.e2e.scene.Await;
import dev.shunt.observe.trace.TraceModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that the kernel counts, against connections whose course is known. */
class ProgramCounterIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int CONNECTIONS = 50;

  /** Of the client 5 (SYN_SENT to CLOSE), of the accepted socket as many (SYN_RECV to CLOSE). */
  private static final int CHANGES = 10;

  private final Libbpf libbpf = new Libbpf();
  private final ProgramCounter counter = ProgramCounter.open(libbpf);

  @AfterEach
  void close() {
    counter.close();
  }

  /** Each side waits for the other's end: so the course does not depend on who is faster. */
  private static long connect(int times) {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < times; i++) {
        try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
          try (Socket accepted = server.accept()) {
            client.shutdownOutput();
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);
          }
          assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
      }
      return times;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private CountedSlice count(ReadModule module) {
    return counter.count(module.programs(), () -> connect(CONNECTIONS));
  }

  private static long runs(CountedSlice slice) {
    return slice.programs().stream().mapToLong(program -> program.usage().runCount()).sum();
  }

  /** The server's socket that listens changes twice. Others of the host may connect meanwhile. */
  @Test
  void states_connectionsOfKnownCourse_runsOnceAChange() {
    int least = CONNECTIONS * CHANGES + 2;
    try (ReadModule module = ReadModule.open(libbpf, TraceModule.STATES, LIMIT)) {
      assertThat(module.programs()).hasSize(1);
      Deque<CountedSlice> slices = new ArrayDeque<>();
      BooleanSupplier isExact =
          () -> {
            slices.addLast(count(module));
            assertThat(runs(slices.getLast())).isGreaterThanOrEqualTo(least);
            return runs(slices.getLast()) == least;
          };

      assertThat(Await.until(isExact, LIMIT)).as("slices: %s", slices).isTrue();
      CountedSlice slice = slices.getLast();
      assertThat(slice.programs())
          .singleElement()
          .satisfies(program -> assertThat(program.name()).startsWith("states_"));
      assertThat(slice.emptyNanos()).isBetween(1.0, 1000.0);
      assertThat(slice.nanosPerRun()).isPositive();
      assertThat(slice.hasAllLeads(LeadCosts.none("not measured"))).isTrue();
    }
  }

  @Test
  void module_readTwice_isCountedFromTheSecondBeginningOn() {
    try (ReadModule module = ReadModule.open(libbpf, TraceModule.STATES, LIMIT)) {
      long first = runs(count(module));
      long nothing = runs(counter.count(module.programs(), () -> 1));

      assertThat(first).isGreaterThanOrEqualTo(CONNECTIONS * CHANGES);
      assertThat(nothing).as("no connections of ours").isLessThan(first);
    }
  }

  @Test
  void modules_ofSeveralPrograms_areCountedWhole() {
    try (ReadModule module = ReadModule.open(libbpf, TraceModule.HTTP, LIMIT)) {
      assertThat(module.programs()).hasSizeGreaterThan(1);
      assertThat(count(module).programs()).hasSameSizeAs(module.programs());
    }
  }

  @Test
  void module_onAClock_isLedToByInterrupts() {
    assertThat(leads(TraceModule.PROFILE)).containsOnly(Lead.CLOCK);
  }

  @Test
  void modules_inCodeOfProcesses_areLedToByTrapsThatAreKnown() {
    assertThat(leads(TraceModule.JVM)).containsOnly(Lead.USDT);
    assertThat(leads(TraceModule.TLS)).containsOnly(Lead.ENTRY, Lead.RETURN, Lead.DIRECT);
    assertThat(leads(TraceModule.HTTP_TLS)).containsOnly(Lead.ENTRY, Lead.RETURN, Lead.DIRECT);
  }

  private Set<Lead> leads(TraceModule read) {
    try (ReadModule module = ReadModule.open(libbpf, read, LIMIT)) {
      return counter.count(module.programs(), () -> 1).programs().stream()
          .map(program -> Lead.of(program.type(), program.name()))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void programs_none_countTheEmptyOneAlone() {
    assertThat(counter.count(Set.of(), () -> 1).programs()).isEmpty();
  }
}
