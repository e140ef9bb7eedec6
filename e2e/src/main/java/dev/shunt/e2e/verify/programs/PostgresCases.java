package dev.shunt.e2e.verify.programs;

import static dev.shunt.e2e.verify.programs.Scenario.everywhere;
import static dev.shunt.e2e.verify.programs.Scenario.local;

import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.verify.programs.Scenario.Fate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL, its pgbench and psql. Main thread; no state. */
final class PostgresCases {
  private static final int PORT = 5432;
  private static final int CLIENTS = 8;
  private static final int TRANSACTIONS = 200;

  private PostgresCases() {}

  static List<Scenario> all() {
    return List.of(
        everywhere(
            "postgres_pgbench",
            "pgbench with simple, extended and prepared queries: the sums of its tables agree",
            Fate.REDIRECTED,
            PostgresCases::pgbench),
        local(
            "postgres_copy",
            "single rows, COPY of 200,000 rows out and in again, and a cursor",
            Fate.REDIRECTED,
            PostgresCases::copy));
  }

  private static void start(ProgramRun run) {
    int uid = Integer.parseInt(run.prepare(0, "id", List.of("id", "-u", "postgres")).strip());
    Path folder = run.folder("postgres", uid);
    Path cluster = folder.resolve("cluster");
    run.prepare(
        uid,
        "initdb",
        List.of(
            Programs.postgres("initdb"),
            "--pgdata=" + cluster,
            "--auth=trust",
            "--username=postgres",
            "--locale=C",
            "--encoding=UTF8",
            "--no-sync",
            "--no-instructions"));
    SceneDirectory.write(cluster.resolve("pg_hba.conf"), "host all all samenet trust\n", uid);
    run.serverAs(
        uid,
        "postgres",
        PORT,
        List.of(
            Programs.postgres("postgres"),
            "-D" + cluster,
            "-h" + run.address(),
            "-p" + PORT,
            "-k" + folder,
            "-F",
            "-cshared_buffers=16MB",
            "-cautovacuum=off"));
  }

  private static void pgbench(ProgramRun run) {
    start(run);
    run.client("pgbench init", pgbench(run, "--initialize", "--quiet"));
    for (String protocol : List.of("simple", "extended", "prepared")) {
      String report =
          run.client(
              "pgbench " + protocol,
              pgbench(
                  run,
                  "--no-vacuum",
                  "--client=" + CLIENTS,
                  "--jobs=2",
                  "--transactions=" + TRANSACTIONS,
                  "--protocol=" + protocol));
      int expected = CLIENTS * TRANSACTIONS;
      run.expect(
          protocol + " transactions", true, report.contains(expected + "/" + expected + "\n"));
    }
    run.expect(
        "sums agree",
        "4800|t|t",
        query(
            run,
            "select count(*), sum(delta) = (select sum(abalance) from pgbench_accounts),"
                + " sum(delta) = (select sum(bbalance) from pgbench_branches)"
                + " from pgbench_history"));
  }

  private static void copy(ProgramRun run) {
    start(run);
    query(run, "create table t(i int, h text)");
    query(run, "insert into t select i, md5(i::text) from generate_series(1, 200000) i");
    /* First: whether the long ones are redirected depends on how fast psql reads. */
    run.fact(
        "single rows",
        shell(run, "single rows", "seq 500 | sed 's/.*/select md5($$&$$);/' | \"$@\""));
    run.fact("copy out", shell(run, "copy out", "\"$@\" -c 'copy t to stdout' | sha256sum"));
    shell(
        run,
        "copy through",
        "\"$@\" -c 'create table u (like t)' && \"$@\" -c 'copy t to stdout' | \"$@\" -c 'copy u"
            + " from stdin'");
    run.expect(
        "rows that differ",
        "0|200000",
        query(run, "select count(*) filter (where t.h <> u.h), count(*) from t join u using (i)"));
    run.fact(
        "cursor",
        shell(
            run,
            "cursor",
            "\"$@\" -v FETCH_COUNT=50 -c 'select * from t where i <= 20000' | sha256sum"));
  }

  private static List<String> pgbench(ProgramRun run, String... options) {
    List<String> argv = new ArrayList<>(List.of(Programs.postgres("pgbench")));
    argv.addAll(connection(run));
    argv.addAll(List.of(options));
    argv.add("postgres");
    return argv;
  }

  private static List<String> connection(ProgramRun run) {
    return List.of("--host=" + run.address(), "--port=" + PORT, "--username=postgres");
  }

  private static List<String> psql(ProgramRun run) {
    List<String> argv = new ArrayList<>(List.of(Programs.postgres("psql")));
    argv.addAll(connection(run));
    argv.addAll(List.of("-XAtq", "-vON_ERROR_STOP=1", "postgres"));
    return argv;
  }

  private static String query(ProgramRun run, String sql) {
    List<String> argv = psql(run);
    argv.addAll(List.of("-c", sql));
    return run.client("psql", argv);
  }

  /** Runs shell text in which {@code "$@"} is psql. */
  private static String shell(ProgramRun run, String name, String text) {
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", text, "sh"));
    argv.addAll(psql(run));
    return run.client(name, argv);
  }
}
