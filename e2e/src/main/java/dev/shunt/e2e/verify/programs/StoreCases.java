package dev.shunt.e2e.verify.programs;

import static dev.shunt.e2e.verify.programs.Scenario.everywhere;
import static dev.shunt.e2e.verify.programs.Scenario.local;

import dev.shunt.e2e.verify.programs.Scenario.Fate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Redis. PostgreSQL is in {@link PostgresCases}. Main thread; no state. */
final class StoreCases {
  private static final int PORT = 6379;
  private static final int REPLICA_PORT = 6380;
  private static final String INCREMENTS = "10000";
  private static final String PIPELINED = "40000";

  private StoreCases() {}

  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>();
    all.add(
        everywhere(
            "redis_pipeline",
            "Redis: pipelines of 32 SET and GET compared, and a subscriber that misses nothing",
            Fate.REDIRECTED,
            StoreCases::pipeline));
    all.add(
        local(
            "redis_benchmark",
            "redis-benchmark, one by one and pipelined: every command counts once",
            Fate.REDIRECTED,
            run -> {
              start(run, "redis", PORT, List.of());
              benchmark(run);
            }));
    all.add(
        local(
            "redis_replica",
            "Redis replication: a full copy, then a stream, and the same digest in the end",
            Fate.REDIRECTED,
            StoreCases::replicate));
    all.addAll(PostgresCases.all());
    return all;
  }

  private static void start(ProgramRun run, String name, int port, List<String> more) {
    Path folder = run.folder(name, ProgramRun.UID);
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of(Programs.path("redis-server"), "--port", Integer.toString(port)));
    argv.addAll(List.of("--bind", run.address(), "--protected-mode", "no", "--save", ""));
    argv.addAll(List.of("--dir", folder.toString(), "--enable-debug-command", "yes"));
    argv.addAll(more);
    run.serverAs(ProgramRun.UID, name, port, argv);
  }

  private static void pipeline(ProgramRun run) {
    start(run, "redis", PORT, List.of());
    run.factsOf(
        "client",
        List.of(
            Programs.path("python3"),
            run.files().source("resp.py").toString(),
            run.address(),
            Integer.toString(PORT),
            run.files().payload().toString()));
  }

  private static void benchmark(ProgramRun run) {
    run.client("benchmark", benchmark(run, "incr,lpush", INCREMENTS, "1"));
    run.client("pipelined", benchmark(run, "incr", PIPELINED, "16"));
    run.expect("counter", "50000", ask(run, PORT, "GET", "counter:__rand_int__"));
    run.expect("list", INCREMENTS, ask(run, PORT, "LLEN", "mylist"));
  }

  private static List<String> benchmark(
      ProgramRun run, String tests, String requests, String depth) {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of(Programs.path("redis-benchmark"), "-h", run.address(), "-p", PORT + ""));
    argv.addAll(List.of("-c", "20", "-t", tests, "-n", requests, "-P", depth, "-q"));
    return argv;
  }

  private static void replicate(ProgramRun run) {
    start(run, "redis", PORT, List.of("--repl-diskless-sync-delay", "0"));
    ask(run, PORT, "DEBUG", "POPULATE", "50000", "key", "200");
    start(run, "replica", REPLICA_PORT, List.of("--replicaof", run.address() + " " + PORT));
    benchmark(run);
    String both = "printf 'SET fence 1\\nWAIT 1 20000\\n' | \"$0\" -h \"$1\" -p \"$2\"";
    List<String> fence =
        List.of("/bin/sh", "-c", both, Programs.path("redis-cli"), run.address(), PORT + "");
    run.expect("replicas", "OK 1", run.client("fence", fence).replaceAll("\\s+", " "));
    String digest = ask(run, PORT, "DEBUG", "DIGEST");
    run.fact("digest", digest);
    run.expect("digest of the replica", digest, ask(run, REPLICA_PORT, "DEBUG", "DIGEST"));
  }

  private static String ask(ProgramRun run, int port, String... words) {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of(Programs.path("redis-cli"), "-h", run.address(), "-p", port + ""));
    argv.addAll(List.of(words));
    return run.client("redis-cli " + words[0], argv);
  }
}
