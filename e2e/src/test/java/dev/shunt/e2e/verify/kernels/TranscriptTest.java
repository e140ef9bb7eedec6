package dev.shunt.e2e.verify.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  private static final String STATUS =
      "status\t{\"ready\": true, \"hooks\": ["
          + "{\"program\": \"adopt\", \"hook\": \"clsact/ingress s:lo\", \"attached\": true,"
          + " \"error\": \"\"},"
          + "{\"program\": \"adopt\", \"hook\": \"clsact/ingress s:eth0\", \"attached\": true,"
          + " \"error\": \"\"},"
          + "{\"program\": \"lsm_connect\", \"hook\": \"lsm/socket_connect\","
          + " \"attached\": true, \"error\": \"\"},"
          + "{\"program\": \"trace_ioctl\", \"hook\": \"tracepoint syscalls/sys_enter_ioctl\","
          + " \"attached\": false, \"error\": \"not needed\"}],"
          + " \"self_test\": {\"passed\": true, \"checks\": ["
          + "{\"name\": \"order\", \"passed\": true, \"required\": true, \"detail\": \"in order\"},"
          + "{\"name\": \"fionread\", \"passed\": false, \"required\": false,"
          + " \"detail\": \"zero for redirected data\"}]}}";

  private static final String EOF =
      "{\"observations\":{\"recv\":\"0\"},\"ok\":true,\"detail\":\"\"}";
  private static final String AGAIN =
      "{\"observations\":{\"recv\":\"EAGAIN\"},\"ok\":true,\"detail\":\"\"}";
  private static final String BROKEN =
      "{\"observations\":{\"recv\":\"0\"},\"ok\":false,\"detail\":\"byte 7 is wrong\"}";

  private static KernelRow row(String... lines) {
    List<String> all = new ArrayList<>(List.of("kernel\t6.1.0-56-amd64"));
    all.add("program\tpair\tloaded\t13605");
    all.addAll(List.of(lines));
    return Transcript.row(all, KernelRow.Place.GUEST, "6.1.0-56-amd64");
  }

  private static String caseLine(String expected, long bytes, String plain, String accelerated) {
    return String.join(
        "\t",
        "case",
        "half_close",
        "v4/nonblock/loopback",
        expected,
        bytes + "",
        plain,
        accelerated);
  }

  @Test
  void row_wholeReport_passes() {
    KernelRow row = row("note\tready", STATUS, caseLine("redirected", 9, EOF, EOF), "end\t0");

    assertThat(row.passed()).isTrue();
    assertThat(row.programs()).containsExactly(new ProgramRow("pair", 13605, ""));
    assertThat(row.rungs())
        .containsEntry("adopt", "clsact/ingress")
        .containsEntry("trace_ioctl", "not needed");
    assertThat(row.count(CaseRow.Verdict.EQUAL)).isEqualTo(1);
  }

  @Test
  void row_refusedProgram_failsWithTheLog() {
    KernelRow row =
        row(
            "program\tsweep\trefused\tEINVAL\tunknown func bpf_none#999",
            STATUS,
            caseLine("any", 9, EOF, EOF),
            "end\t0");

    assertThat(row.passed()).isFalse();
    assertThat(row.programs().get(1).refusal()).isEqualTo("EINVAL: unknown func bpf_none#999");
  }

  @Test
  void row_otherObservation_isDifferent() {
    KernelRow row = row(STATUS, caseLine("any", 9, EOF, AGAIN), "end\t0");

    assertThat(row.passed()).isFalse();
    assertThat(row.cases().get(0).reason()).isEqualTo("recv: 0 / EAGAIN");
  }

  @Test
  void row_caseThatFoundAnError_isDifferent() {
    KernelRow row = row(STATUS, caseLine("any", 9, EOF, BROKEN), "end\t0");

    assertThat(row.cases().get(0).verdict()).isEqualTo(CaseRow.Verdict.DIFFERENT);
    assertThat(row.cases().get(0).reason()).isEqualTo("accelerated: byte 7 is wrong");
  }

  @Test
  void row_caseThatStoodAside_isDifferentWhereBytesMustBeRedirected() {
    assertThat(row(STATUS, caseLine("redirected", 0, EOF, EOF), "end\t0").passed()).isFalse();
    assertThat(row(STATUS, caseLine("kept", 5, EOF, EOF), "end\t0").passed()).isFalse();
  }

  @Test
  void row_missingDocument_isDifferent() {
    assertThat(row(STATUS, caseLine("any", 0, EOF, ""), "end\t0").cases().get(0).reason())
        .isEqualTo("accelerated run: no document");
  }

  @Test
  void row_connectRuleThatDoesNotHold_isAProblem() {
    KernelRow row =
        row(
            STATUS,
            "rule\ttcp-connect\t10.83.0.1 4711\tdenied\t1",
            "rule\tudp-send\t10.83.0.1 4711\tdenied\t0",
            "rule\tudp-send\t10.83.0.1 4712\tallowed\t",
            "hits\t2",
            "end\t0");

    assertThat(row.problems())
        .containsExactly(
            "connect rule: udp-send to 10.83.0.1 4711 ended with errno '0' (expected: denied)",
            "connect rule: udp-send to 10.83.0.1 4712 ended with errno '' (expected: allowed)",
            "connect rule: 2 hits (expected: 1)");
  }

  @Test
  void row_traceThatToldNothing_isAProblem() {
    KernelRow row = row(STATUS, "trace\trtt\ttp_btf/tcp_probe\t3", "trace\tconnect\t\t0", "end\t0");

    assertThat(row.rungs())
        .containsEntry("trace rtt", "tp_btf/tcp_probe")
        .containsEntry("trace connect", "none");
    assertThat(row.problems()).containsExactly("trace connect at '' told nothing of the traffic");
  }

  @Test
  void row_programRefused_isPassedOverForTheNextHook() {
    ProgramRow refused = new ProgramRow("rtt_fentry", 0, "EPERM: not permitted");

    assertThat(new ProgramRow("sweep", 0, "EPERM: x").isPassedOverOn(KernelRow.Place.HOST))
        .isTrue();
    assertThat(new ProgramRow("sweep_pairs", 0, "EPERM: x").isPassedOverOn(KernelRow.Place.HOST))
        .isFalse();
    assertThat(refused.isPassedOverOn(KernelRow.Place.HOST)).isTrue();
    assertThat(refused.isPassedOverOn(KernelRow.Place.GUEST)).isFalse();
    assertThat(new ProgramRow("rtt_fentry", 0, "EINVAL: x").isPassedOverOn(KernelRow.Place.HOST))
        .isFalse();
    assertThat(new ProgramRow("rtt_btf", 0, "EPERM: x").isPassedOverOn(KernelRow.Place.HOST))
        .isFalse();
    assertThat(new ProgramRow("http_send_btf", 0, "ESRCH: x").isPassedOverOn(KernelRow.Place.GUEST))
        .isTrue();
  }

  @Test
  void row_guestWithoutTheLsmHook_isAProblem() {
    KernelRow row = row(STATUS.replace("lsm/socket_connect", "none"), "end\t0");

    assertThat(row.problems()).containsExactly("connect rules: no LSM hook: none");
  }

  @Test
  void row_noEnd_saysCutShort() {
    KernelRow row = row(STATUS, caseLine("any", 9, EOF, EOF));

    assertThat(row.passed()).isFalse();
    assertThat(row.problems().get(0)).startsWith("the run was cut short");
  }

  @Test
  void row_emptyStatus_isAProblemOfThisKernelOnly() {
    KernelRow row = row("status\t", caseLine("redirected", 9, EOF, EOF), "end\t0");

    assertThat(row.passed()).isFalse();
    assertThat(row.problems()).containsExactly("status: read report failed: no JSON object: ''");
    assertThat(row.count(CaseRow.Verdict.EQUAL)).isEqualTo(1);
  }

  @Test
  void row_otherKernel_isAProblem() {
    KernelRow row =
        Transcript.row(List.of("kernel\t6.12", "end\t0"), KernelRow.Place.GUEST, "6.1.0-56-amd64");

    assertThat(row.problems()).containsExactly("kernel 6.12 ran (expected: 6.1.0-56-amd64)");
  }

  @Test
  void row_nodeThatDidNotStart_failsWithItsLog() {
    KernelRow row = row("failed\tstart node failed: no BTF", "end\t1");

    assertThat(row.passed()).isFalse();
    assertThat(row.problems()).containsExactly("start node failed: no BTF");
  }

  @Test
  void row_requiredCheckFailed_fails() {
    String failed = STATUS.replace("\"order\", \"passed\": true", "\"order\", \"passed\": false");

    assertThat(row(failed, caseLine("any", 9, EOF, EOF), "end\t0").passed()).isFalse();
  }
}
