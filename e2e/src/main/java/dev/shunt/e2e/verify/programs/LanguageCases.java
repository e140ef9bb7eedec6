package dev.shunt.e2e.verify.programs;

import static dev.shunt.e2e.verify.programs.Scenario.everywhere;
import static dev.shunt.e2e.verify.programs.Scenario.local;

import dev.shunt.e2e.verify.programs.Scenario.Fate;
import java.util.List;

/** Python, Node.js and Go; the JVM is in {@link JvmCases}. Main thread; no state. */
final class LanguageCases {
  private static final int UPSTREAM_PORT = 9001;
  private static final String LOOPBACK = "127.0.0.1";
  private static final Fate BLOCKING = Fate.onTcp("blocking_reader");

  private LanguageCases() {}

  static List<Scenario> all() {
    return List.of(
        local(
            "python_blocking",
            "Python threads on sockets that block",
            BLOCKING,
            run -> echo(run, "blocking", "blocking")),
        local(
            "python_timeout",
            "Python threads on sockets with a timeout",
            Fate.REDIRECTED,
            run -> echo(run, "timeout", "timeout")),
        local(
            "python_mixed",
            "a Python server that blocks and an asyncio client",
            Fate.onTcp("blocking_reader", "peer_not_suitable"),
            run -> echo(run, "blocking", "asyncio")),
        everywhere(
            "python_asyncio",
            "asyncio streams",
            Fate.REDIRECTED,
            run -> echo(run, "asyncio", "asyncio")),
        everywhere("node_echo", "Node.js streams", Fate.REDIRECTED, run -> node(run, "echo")),
        local(
            "node_http",
            "Node.js HTTP server and keep-alive agent",
            Fate.REDIRECTED,
            run -> node(run, "http")),
        everywhere("go_echo", "Go connections", Fate.REDIRECTED, run -> go(run, "echo")),
        local(
            "go_http", "Go's net/http server and client", Fate.REDIRECTED, run -> go(run, "http")),
        local(
            "go_splice",
            "a Go relay with io.Copy between two connections, which is splice",
            Fate.UNTIL_TRAIT,
            LanguageCases::relay));
  }

  private static void echo(ProgramRun run, String server, String client) {
    Echo.serve(run, server);
    Echo.ask(run, client);
  }

  private static void node(ProgramRun run, String kind) {
    run.server("node " + kind, Echo.PORT, nodePeer(run, kind, "server"));
    run.factsOf("client", nodePeer(run, kind, "client"));
  }

  private static List<String> nodePeer(ProgramRun run, String kind, String side) {
    return List.of(
        Programs.path("node"),
        run.files().source("node_peer.js").toString(),
        kind,
        side,
        run.address(),
        Integer.toString(Echo.PORT),
        run.files().payload().toString());
  }

  private static void go(ProgramRun run, String kind) {
    String payload = run.files().payload().toString();
    String address = run.address() + ":" + Echo.PORT;
    run.server("go " + kind, Echo.PORT, goPeer(run, kind + "-server", address, payload));
    run.factsOf("client", goPeer(run, kind + "-client", address, payload));
  }

  private static void relay(ProgramRun run) {
    String payload = run.files().payload().toString();
    String upstream = LOOPBACK + ":" + UPSTREAM_PORT;
    String address = run.address() + ":" + Echo.PORT;
    run.server("upstream", UPSTREAM_PORT, goPeer(run, "echo-server", upstream, payload));
    run.server("relay", Echo.PORT, goPeer(run, "relay", address, upstream));
    run.factsOf("client", goPeer(run, "echo-client", address, payload));
  }

  private static List<String> goPeer(ProgramRun run, String kind, String address, String last) {
    return List.of(run.files().goPeer().toString(), kind, address, last);
  }
}
