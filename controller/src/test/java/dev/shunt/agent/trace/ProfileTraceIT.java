package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.publish.grpc.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles of programs whose time is known to be spent in one function. */
class ProfileTraceIT {
  private static final Path SOURCES = Path.of("src/test/resources/dev/shunt/agent/trace");

  /** Half a second of a CPU. */
  private static final long SAMPLES = 50;

  @TempDir private Path home;

  private final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);

  @AfterEach
  void close() {
    bed.close();
  }

  /** Profiles a program that says "ready" until there are enough samples. */
  private List<TraceEvent.Stack> profile(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      assertThat(out.readLine()).isEqualTo("ready");
      CollectingSink sink =
          bed.read(
              TraceModule.PROFILE,
              new TraceQuery.Filter(0, (int) process.pid(), "", ""),
              Duration.ZERO);
      Await.until("samples", () -> count(stacks(sink), stack -> true) >= SAMPLES);
      assertThat(stacks(sink)).allMatch(stack -> stack.actor().pid() == (int) process.pid());
      return stacks(sink);
    } finally {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  private static List<TraceEvent.Stack> stacks(CollectingSink sink) {
    return sink.all(TraceEvent.Profile.class).stream()
        .flatMap(profile -> profile.stacks().stream())
        .toList();
  }

  private static long count(List<TraceEvent.Stack> stacks, Predicate<TraceEvent.Stack> which) {
    return stacks.stream().filter(which).mapToLong(TraceEvent.Stack::count).sum();
  }

  /** Most samples have these frames, in this order, one calling the next. */
  private static void assertMostly(List<TraceEvent.Stack> stacks, String... frames) {
    long all = count(stacks, stack -> true);
    long some =
        count(
            stacks,
            stack -> {
              List<String> innermost = stack.frames();
              int at = innermost.indexOf(frames[0]);
              return at >= 0
                  && at + frames.length <= innermost.size()
                  && innermost.subList(at, at + frames.length).equals(List.of(frames));
            });
    assertThat(some).as("of %d: %s", all, stacks).isGreaterThan(all * 3 / 4);
  }

  private Path compile(String... options) {
    Path program = home.resolve("busy");
    List<String> argv = new ArrayList<>(List.of("gcc", "-O0", "-g", "-fno-omit-frame-pointer"));
    argv.addAll(List.of(options));
    argv.addAll(List.of("-o", program.toString(), SOURCES.resolve("busy.c").toString()));
    TestObjects.run(argv);
    return program;
  }

  @Test
  void native_withSymbols_spendsItsTimeWhereItDoes() throws IOException {
    List<TraceEvent.Stack> stacks = profile(List.of(compile().toString()));

    assertMostly(stacks, "main", "caller_of_it", "spin_in_here");
    assertThat(stacks).allMatch(stack -> stack.actor().command().equals("busy"));
  }

  @Test
  void native_strippedWithADebugFile_hasTheSameNames() throws IOException {
    Path program = compile();
    Path debug = home.resolve("busy.debug");
    TestObjects.run(List.of("objcopy", "--only-keep-debug", program.toString(), debug.toString()));
    TestObjects.run(List.of("strip", program.toString()));
    TestObjects.run(List.of("objcopy", "--add-gnu-debuglink=" + debug, program.toString()));

    assertMostly(profile(List.of(program.toString())), "main", "caller_of_it", "spin_in_here");
  }

  @Test
  void native_stripped_isCalledByItsFile() throws IOException {
    Path program = compile("-s");

    assertMostly(profile(List.of(program.toString())), "[busy]", "[busy]", "[busy]");
  }

  @Test
  void kernel_busyReading_isNamedBelowItsCaller() throws IOException {
    List<TraceEvent.Stack> stacks = profile(List.of(compile().toString(), "kernel"));

    long all = count(stacks, stack -> true);
    long inKernel =
        count(
            stacks,
            stack ->
                stack.frames().contains("caller_of_it") && stack.frames().contains("vfs_read_[k]"));
    assertThat(inKernel).as("of %d: %s", all, stacks).isGreaterThan(all / 2);
  }

  @Test
  void jvm_compiledMethod_hasItsName() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path source = Files.copy(SOURCES.resolve("Busy.java"), home.resolve("Busy.java"));
    List<TraceEvent.Stack> stacks =
        profile(List.of(java, "-XX:+PreserveFramePointer", "-XX:+UseSerialGC", source.toString()));

    long all = count(stacks, stack -> true);
    long named =
        count(
            stacks,
            stack -> stack.frames().stream().anyMatch(frame -> frame.contains("spinInHere")));
    assertThat(named).as("of %d: %s", all, stacks).isGreaterThan(all / 2);
  }
}
