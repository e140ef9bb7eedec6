package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SocketTableTest {
  private static final String HEADER =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid";

  private static String row(String local, String state) {
    return "   0: " + local + " 00000000:0000 " + state + " 00000000:00000000 00:00000000 00000000";
  }

  @Test
  void listensIn_listenerOnPort_isFound() {
    assertThat(SocketTable.listensIn(List.of(HEADER, row("0100007F:1F90", "0A")), 8080)).isTrue();
  }

  @Test
  void listensIn_establishedOnPort_isNotAListener() {
    assertThat(SocketTable.listensIn(List.of(HEADER, row("0100007F:1F90", "01")), 8080)).isFalse();
  }

  @Test
  void listensIn_listenerOnOtherPort_isNotFound() {
    assertThat(SocketTable.listensIn(List.of(HEADER, row("0100007F:1F91", "0A")), 8080)).isFalse();
  }

  @Test
  void deviceBytesIn_twoDevices_sumsReceivedBytes() {
    List<String> rows =
        List.of(
            "Inter-|   Receive                                                |  Transmit",
            " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets",
            "    lo:    1000      10    0    0    0     0          0         0  9000      10",
            "  eth0: 123456789     10    0    0    0     0          0         0  7000      10");

    assertThat(SocketTable.deviceBytesIn(rows)).isEqualTo(123457789L);
  }
}
