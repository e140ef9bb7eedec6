package dev.shunt.e2e.verify.programs;

import static dev.shunt.e2e.verify.programs.Scenario.everywhere;
import static dev.shunt.e2e.verify.programs.Scenario.local;

import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.verify.programs.Scenario.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** curl, socat, iperf3 and OpenSSL's own client and server. Main thread; no state. */
final class ToolCases {
  private static final int ECHO_PORT = 9001;
  private static final int IPERF_PORT = 5201;
  private static final int TLS_PORT = 4433;
  private static final String LOOPBACK = "127.0.0.1";

  private ToolCases() {}

  static List<Scenario> all() {
    return List.of(
        everywhere(
            "curl_keepalive",
            "curl: 160 downloads on one connection, 20 uploads on another, of up to 4 MiB",
            Fate.REDIRECTED,
            run -> {
              WebServerCases.startNginx(run);
              curl(run, "http://" + run.address() + ":" + WebServerCases.PORT);
            }),
        local(
            "curl_tls",
            "curl over TLS to nginx, both with OpenSSL",
            Fate.REDIRECTED,
            run -> curl(run, "https://" + run.address() + ":" + WebServerCases.startNginx(run))),
        local(
            "socat_relay",
            "socat as a relay, whose sockets block",
            Fate.onTcp("blocking_reader"),
            run -> socat(run, "")),
        local(
            "socat_relay_nonblock",
            "socat as a relay with option nonblock",
            Fate.REDIRECTED,
            run -> socat(run, ",nonblock")),
        local(
            "iperf_reverse",
            "iperf3: 64 MiB from the server",
            Fate.onTcp("blocking_reader"),
            run -> iperf(run, "--reverse")),
        local(
            "iperf_bidirectional",
            "iperf3: 4 connections with 64 MiB both ways",
            Fate.onTcp("blocking_reader"),
            run -> iperf(run, "--bidir", "-P", "4")),
        local(
            "openssl_reverse",
            "openssl s_client sends lines to s_server -rev, whose sockets block",
            Fate.onTcp("blocking_reader"),
            ToolCases::openssl));
  }

  private static void curl(ProgramRun run, String base) {
    Path payload = run.files().payload();
    String downloads = base + "/bytes/{1,100,1024,4096,16384,65536,262144,all}?[1-20]";
    String text = "\"$0\" -sS --fail --insecure \"$1\" | sha256sum";
    String got =
        run.client("download", List.of("/bin/sh", "-c", text, Programs.path("curl"), downloads));
    run.fact("sha256 of downloads", got);
    String uploaded =
        run.client(
            "upload",
            List.of(
                Programs.path("curl"),
                "-sS",
                "--fail",
                "--insecure",
                "--data-binary",
                "@" + payload,
                "-w",
                "\\n",
                base + "/digest?[1-20]"));
    String digest = Text.sha256(payload);
    run.expect("uploads", (digest + "\n").repeat(20).strip(), uploaded);
  }

  private static void socat(ProgramRun run, String option) {
    Echo.serve(run, "asyncio", LOOPBACK, ECHO_PORT);
    run.server(
        "socat",
        Echo.PORT,
        List.of(
            Programs.path("socat"),
            "-t30",
            "TCP4-LISTEN:" + Echo.PORT + ",bind=" + run.address() + ",fork,reuseaddr" + option,
            "TCP4:" + LOOPBACK + ":" + ECHO_PORT + option));
    Echo.ask(run, "asyncio");
  }

  private static void iperf(ProgramRun run, String... options) {
    List<String> common =
        List.of(Programs.path("iperf3"), "-p", Integer.toString(IPERF_PORT), "--forceflush");
    List<String> serverArguments = new ArrayList<>(common);
    serverArguments.addAll(List.of("-s", "-1", "-B", run.address()));
    SceneProcess server = run.server("iperf server", IPERF_PORT, serverArguments);
    List<String> clientArguments = new ArrayList<>(common);
    clientArguments.addAll(List.of("-c", run.address(), "-n", "64M"));
    clientArguments.addAll(List.of(options));
    run.client("iperf", clientArguments);
    run.expect("server exit", 0, server.awaitExit(Duration.ofSeconds(20)));
  }

  private static void openssl(ProgramRun run) {
    Path tls = run.files().certificate();
    run.server(
        "s_server",
        TLS_PORT,
        List.of(
            Programs.path("openssl"),
            "s_server",
            "-accept",
            run.address() + ":" + TLS_PORT,
            "-key",
            tls.resolve("key.pem").toString(),
            "-cert",
            tls.resolve("cert.pem").toString(),
            "-rev"));
    String lines =
        "i=0; while [ $i -lt 200 ]; do i=$((i + 1)); echo \"line $i of two hundred\"; sleep 0.01;"
            + " done; echo CLOSE";
    String text = "{ " + lines + "; } | \"$0\" s_client -quiet -connect \"$1\" 2>/dev/null";
    String answers =
        run.client(
            "s_client",
            List.of(
                "/bin/sh", "-c", text, Programs.path("openssl"), run.address() + ":" + TLS_PORT));
    run.expect("lines", 200L, answers.lines().count());
    run.expect("last", "derdnuh owt fo 002 enil", answers.lines().reduce("", (a, b) -> b));
    run.fact("answers", answers.hashCode());
  }
}
