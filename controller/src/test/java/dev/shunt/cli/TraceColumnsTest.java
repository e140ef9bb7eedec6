package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.v1.TraceCloser;
import dev.shunt.v1.TraceConnect;
import dev.shunt.v1.TraceEvent;
import dev.shunt.v1.TraceFastOpen;
import dev.shunt.v1.TraceHandshake;
import dev.shunt.v1.TraceHttp;
import dev.shunt.v1.TraceModule;
import dev.shunt.v1.TraceOutcome;
import dev.shunt.v1.TraceSocket;
import dev.shunt.v1.TraceStateChange;
import dev.shunt.v1.TraceTls;
import dev.shunt.v1.TraceTlsState;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows with wide values: the columns behind them still stand under each other. */
class TraceColumnsTest {
  private static final TraceSocket SHORT =
      TraceSocket.newBuilder()
          .setPid(1)
          .setCommand("curl")
          .setNamespace("host")
          .setLocalAddress("10.0.0.1")
          .setLocalPort(58640)
          .setRemoteAddress("10.0.0.2")
          .setRemotePort(443)
          .build();
  private static final TraceSocket WIDE =
      SHORT.toBuilder()
          .setPid(4_194_304)
          .setLocalAddress("2001:db8:1234:5678:9abc:def0:1234:5678")
          .setRemoteAddress("2001:db8:1234:5678:9abc:def0:1234:5679")
          .build();

  /** A module, and rows of it, ordinary and wide. */
  private record Case(TraceModule module, TraceEvent ordinary, TraceEvent wide) {}

  private static TraceEvent connect(TraceSocket socket, String errno) {
    return TraceEvent.newBuilder()
        .setConnect(
            TraceConnect.newBuilder()
                .setSocket(socket)
                .setOutcome(TraceOutcome.TRACE_OUTCOME_FAILED)
                .setErrnoName(errno)
                .setErrnoValue(93))
        .build();
  }

  private static TraceEvent state(TraceSocket socket) {
    return TraceEvent.newBuilder()
        .setState(
            TraceStateChange.newBuilder()
                .setSocket(socket)
                .setOldState("ESTABLISHED")
                .setNewState("CLOSE")
                .setCloser(TraceCloser.TRACE_CLOSER_REMOTE_RESET))
        .build();
  }

  private static TraceEvent http(TraceSocket socket, String path) {
    return TraceEvent.newBuilder()
        .setHttp(TraceHttp.newBuilder().setSocket(socket).setMethod("GET").setPath(path))
        .build();
  }

  private static TraceEvent tls(TraceSocket socket, String alert, String name) {
    return TraceEvent.newBuilder()
        .setTls(
            TraceTls.newBuilder()
                .setSocket(socket)
                .setState(TraceTlsState.TRACE_TLS_STATE_FAILED)
                .setAlert(alert)
                .setServerName(name))
        .build();
  }

  static Stream<Case> cases() {
    TraceEvent.Builder handshake = TraceEvent.newBuilder();
    handshake.setFastopen(
        TraceHandshake.newBuilder()
            .setSocket(SHORT)
            .setOutcome(TraceFastOpen.TRACE_FAST_OPEN_ASKED));
    TraceEvent.Builder wideHandshake = TraceEvent.newBuilder();
    wideHandshake.setFastopen(TraceHandshake.newBuilder().setSocket(WIDE));
    return Stream.of(
        new Case(
            TraceModule.TRACE_MODULE_CONNECT,
            connect(SHORT, "EPERM"),
            connect(WIDE, "EPROTONOSUPPORT")),
        new Case(TraceModule.TRACE_MODULE_STATES, state(SHORT), state(WIDE)),
        new Case(TraceModule.TRACE_MODULE_FASTOPEN, handshake.build(), wideHandshake.build()),
        new Case(TraceModule.TRACE_MODULE_HTTP, http(SHORT, "/"), http(WIDE, "/a".repeat(20))),
        new Case(
            TraceModule.TRACE_MODULE_TLS,
            tls(SHORT, "", "a"),
            tls(WIDE, "unknown_ca", "shop.example.of.a.long.name.org")));
  }

  /** Where words begin that two spaces stand before. */
  private static List<Integer> begins(String line) {
    List<Integer> begins = new ArrayList<>();
    Matcher words = Pattern.compile("(?<=^| {2})\\S").matcher(line);
    while (words.find()) {
      begins.add(words.start());
    }
    return begins;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void column_afterAWideValue_staysAsWide(Case rows) {
    TraceRows table = new TraceRows(Paint.PLAIN);
    String before = table.text(rows.ordinary());
    String wide = table.text(rows.wide());
    String after = table.text(rows.ordinary());

    assertThat(before).endsWith("  host\n");
    assertThat(after).hasSameSizeAs(wide);
    assertThat(after.indexOf("10.0.0.2"))
        .isEqualTo(wide.indexOf("[2001:db8:1234:5678:9abc:def0:1234:5679"));
    assertThat(table.text(rows.wide())).isEqualTo(wide);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void heading_ofOrdinaryRows_standsAboveThem(Case rows) {
    TraceRows table = new TraceRows(Paint.PLAIN);
    String heading = table.heading(rows.module());
    String row = table.text(rows.ordinary());

    for (String title : new String[] {"LOCAL", "REMOTE", "NETNS"}) {
      assertThat(begins(row)).as("%s%s", heading, row).contains(heading.indexOf(title));
    }
  }

  @Test
  void path_withoutBound_isShortenedInTheMiddle() {
    TraceRows table = new TraceRows(Paint.PLAIN);
    String row = table.text(http(SHORT, "/begin" + "/a".repeat(500) + "/end"));

    assertThat(row).containsPattern("  /begin/\\S{1,60}\\.\\.\\.\\S{1,60}/end  host\n");
    assertThat(row.length()).isLessThan(260);
  }
}
