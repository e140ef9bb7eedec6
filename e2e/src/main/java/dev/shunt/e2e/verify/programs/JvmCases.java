package dev.shunt.e2e.verify.programs;

import static dev.shunt.e2e.verify.programs.Scenario.everywhere;
import static dev.shunt.e2e.verify.programs.Scenario.local;

import dev.shunt.e2e.verify.programs.Scenario.Fate;
import dev.shunt.e2e.verify.programs.jvm.JvmPeer;
import java.nio.file.Path;
import java.util.List;

/** Java's own ways to use TCP, each with a JVM for the server and one for the client. No state. */
final class JvmCases {
  private JvmCases() {}

  static List<Scenario> all() {
    return List.of(
        local(
            "jvm_blocking",
            "java.net.Socket, which blocks",
            Fate.onTcp("blocking_reader"),
            run -> echo(run, "blocking")),
        local(
            "jvm_timeout",
            "java.net.Socket with a timeout, which does not block underneath",
            Fate.REDIRECTED,
            run -> echo(run, "timeout")),
        local(
            "jvm_available",
            "InputStream.available() before each read",
            Fate.UNTIL_TRAIT,
            run -> echo(run, "available")),
        everywhere(
            "jvm_nio", "SocketChannel and Selector", Fate.REDIRECTED, run -> echo(run, "nio")),
        local("jvm_netty_nio", "Netty on NIO", Fate.REDIRECTED, run -> echo(run, "netty-nio")),
        everywhere(
            "jvm_netty_epoll",
            "Netty on edge-triggered epoll",
            Fate.REDIRECTED,
            run -> echo(run, "netty-epoll")),
        local(
            "jvm_http",
            "the JDK's HTTP server and HttpClient",
            Fate.BETWEEN_BLOCKING_READS,
            run -> echo(run, "http")));
  }

  private static void echo(ProgramRun run, String kind) {
    run.server("jvm " + kind, Echo.PORT, peer(run, kind, "server"));
    run.factsOf("client", peer(run, kind, "client"));
  }

  private static List<String> peer(ProgramRun run, String kind, String side) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx128m",
        "-cp",
        System.getProperty("java.class.path"),
        JvmPeer.class.getName(),
        kind,
        side,
        run.address(),
        Integer.toString(Echo.PORT),
        run.files().payload().toString());
  }
}
