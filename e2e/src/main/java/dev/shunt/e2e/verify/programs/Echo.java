package dev.shunt.e2e.verify.programs;

import java.util.List;

/**
 * The echo peers in Python: a client that compares every byte, and a server for what stands between
 * the two. Main thread; no state.
 */
final class Echo {
  static final int PORT = 9000;

  private static final String TURNS = "200";

  private Echo() {}

  /** An echo server of this kind at {@link #PORT}. */
  static void serve(ProgramRun run, String kind) {
    serve(run, kind, run.address(), PORT);
  }

  static void serve(ProgramRun run, String kind, String host, int port) {
    run.server("echo", port, argv(run, kind, "server", host, port));
  }

  /** A client of this kind: 200 turns, then the payload in both directions at once. */
  static void ask(ProgramRun run, String kind) {
    ask(run, kind, PORT);
  }

  static void ask(ProgramRun run, String kind, int port) {
    run.factsOf("client", argv(run, kind, "client", run.address(), port));
  }

  private static List<String> argv(
      ProgramRun run, String kind, String side, String host, int port) {
    return List.of(
        Programs.path("python3"),
        run.files().source("echo.py").toString(),
        kind,
        side,
        host,
        Integer.toString(port),
        run.files().payload().toString(),
        TURNS);
  }
}
