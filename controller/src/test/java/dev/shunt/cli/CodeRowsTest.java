package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.shunt.v1.TraceCollection;
import dev.shunt.v1.TraceCollectionKind;
import dev.shunt.v1.TraceEvent;
import dev.shunt.v1.TraceMemoryPool;
import dev.shunt.v1.TraceModule;
import dev.shunt.v1.TraceSocket;
import dev.shunt.v1.TraceTls;
import dev.shunt.v1.TraceTlsSide;
import dev.shunt.v1.TraceTlsState;
import org.junit.jupiter.api.Test;

/** Lines of the modules that look at code of programs. */
class CodeRowsTest {
  private static final TraceSocket PROCESS =
      TraceSocket.newBuilder().setPid(4711).setCommand("java").setNamespace("shop/cart").build();

  private final TraceRows rows = new TraceRows(Paint.PLAIN);

  private static Duration millis(int millis) {
    return Duration.newBuilder().setNanos(millis * 1_000_000).build();
  }

  /** Words of a line, behind the clock. */
  private String text(TraceEvent event) {
    return rows.text(event).strip().replaceAll(" {2,}", " | ").replaceFirst("^[^|]*\\| ", "");
  }

  @Test
  void collection_withPools_hasTheHeap() {
    TraceCollection.Builder collection =
        TraceCollection.newBuilder()
            .setTime(Timestamp.getDefaultInstance())
            .setProcess(PROCESS)
            .setKind(TraceCollectionKind.TRACE_COLLECTION_KIND_FULL_PAUSE)
            .setCollector("G1 Old Generation")
            .setDuration(millis(12))
            .setHeapBefore(40 << 20)
            .setHeapAfter(10 << 20)
            .addPools(TraceMemoryPool.newBuilder().setName("G1 Old Gen"));

    assertThat(text(TraceEvent.newBuilder().setJvm(collection).build()))
        .isEqualTo(
            "4711 | java | full_pause | G1 Old Generation | 12.0 ms | 40.0 MiB -> 10.0 MiB"
                + " | shop/cart");
    assertThat(
            text(TraceEvent.newBuilder().setJvm(collection.clearPools().clearCollector()).build()))
        .isEqualTo("4711 | java | full_pause | - | 12.0 ms | - | shop/cart");
  }

  @Test
  void tls_ofBothKinds_saysWhatIsKnownAndWhatIsNot() {
    TraceTls.Builder tls =
        TraceTls.newBuilder()
            .setSocket(
                PROCESS.toBuilder()
                    .setLocalAddress("10.0.0.1")
                    .setLocalPort(40000)
                    .setRemoteAddress("10.0.0.2")
                    .setRemotePort(443))
            .setState(TraceTlsState.TRACE_TLS_STATE_ESTABLISHED)
            .setSide(TraceTlsSide.TRACE_TLS_SIDE_CLIENT)
            .setVersion("TLSv1.3")
            .setServerName("shop.example")
            .setHandshake(millis(3));

    assertThat(text(TraceEvent.newBuilder().setTls(tls).build()))
        .isEqualTo(
            "4711 | java | 10.0.0.1:40000 | 10.0.0.2:443 | established | client | TLSv1.3"
                + " | 3.00 ms | 0 B | 0 B | shop.example | shop/cart");
    TraceTls unknown =
        TraceTls.newBuilder()
            .setSocket(PROCESS)
            .setState(TraceTlsState.TRACE_TLS_STATE_FAILED)
            .setAlert("unknown_ca")
            .build();
    assertThat(text(TraceEvent.newBuilder().setTls(unknown).build()))
        .isEqualTo(
            "4711 | java | - | - | failed: unknown_ca | - | - | - | 0 B | 0 B | - | shop/cart");
  }

  @Test
  void headings_ofTheModules_fitTheirLines() {
    assertThat(rows.heading(TraceModule.TRACE_MODULE_JVM))
        .contains("COLLECTOR")
        .endsWith("NETNS\n");
    assertThat(rows.heading(TraceModule.TRACE_MODULE_TLS))
        .contains("HANDSHAKE")
        .endsWith("NETNS\n");
  }
}
